"""The canonical tables: what an organisation's programmes, people and conversations look like."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Table

from schema.columns import (
    choice,
    day,
    flag,
    identifier,
    instant,
    integer,
    lineage_columns,
    number,
    text,
)

METADATA = MetaData()

SENSITIVITIES = ("plain", "personal", "special")
VALUE_STATES = ("given", "prefer_not_to_say", "not_asked", "unknown")
ANSWER_STATES = ("given", "prefer_not_to_say", "skipped", "not_asked")
CONVERSATION_STATUSES = ("scheduled", "completed", "cancelled", "no_show", "unknown")
EVIDENCE = (
    "attendance",
    "both_reported",
    "one_reported",
    "platform_marked",
    "assumed_from_schedule",
    "none",
)
MODES = ("online", "in_person", "hybrid", "phone", "unknown")
MODALITIES = (
    "peer",
    "instructor_led_in_person",
    "instructor_led_virtual",
    "self_paced",
    "on_the_job",
    "mentoring",
    "external_coaching",
    "blended",
    "unknown",
)


def _canonical(name: str, words: str, *columns: Column) -> Table:
    return Table(name, METADATA, *columns, *lineage_columns(), info={"about": words})


ORGANISATION = _canonical(
    "organisation",
    "An employer or partner whose people take part.",
    identifier("org_id", "Short code of the organisation.", key=True),
    text("label", "Name on screen.", required=True),
    text(
        "tz", "IANA time zone that decides which day and month an instant falls in.", default="UTC"
    ),
    flag("is_external", "True for a partner organisation.", default=False),
)
PERSON = _canonical(
    "person",
    "Somebody who can take part; a pseudonymous key and nothing else.",
    identifier("person_id", "Pseudonymous key of the person.", key=True),
    identifier("home_org_id", "The person's organisation.", to="organisation.org_id"),
    choice(
        "kind",
        ("employee", "contractor", "external", "unknown"),
        "How the person belongs to the organisation.",
        default="employee",
    ),
)
EMPLOYMENT_SPELL = _canonical(
    "employment_spell",
    "A time during which the person worked here; a return is a new spell.",
    identifier("person_id", "The person.", key=True, to="person.person_id"),
    integer("spell_no", "1 for the first spell.", key=True, low=1),
    day("hired_on", "First day.", required=True),
    day("left_on", "Day after the last; empty while employed.", not_before="hired_on"),
    choice(
        "leave_reason",
        ("voluntary", "involuntary", "end_of_contract", "retirement", "other", "unknown"),
        "Why the person left; empty while employed.",
    ),
)
REPORTING_LINE = _canonical(
    "reporting_line",
    "Whose manager somebody is, over a span of time; optional.",
    identifier("person_id", "Who reports.", key=True, to="person.person_id"),
    day("valid_from", "First day on which it holds.", key=True),
    identifier("manager_person_id", "The manager.", required=True, to="person.person_id"),
    day("valid_to", "Day after the last; empty while it holds.", after="valid_from"),
)
ATTRIBUTE_DEF = _canonical(
    "attribute_def",
    "A property of people that conversations may cross: gender, function, location.",
    identifier("attribute_code", "Short code; stands in links and in the release.", key=True),
    text("label", "Name on screen, singular, lower case.", required=True),
    choice("kind", ("category", "ordinal"), "Ordinal values have an order.", default="category"),
    flag("multi", "True where a person may have several values at once.", default=False),
    integer("sort", "Order on screen; the first plain one leads the first page.", default=0),
    choice(
        "sensitivity",
        SENSITIVITIES,
        "Special: ethnicity, disability, religion, orientation and their like; off until allowed.",
        required=True,
    ),
)
ATTRIBUTE_VALUE_DEF = _canonical(
    "attribute_value_def",
    "A value that an attribute can take.",
    identifier("attribute_code", "The attribute.", key=True, to="attribute_def.attribute_code"),
    identifier("value_code", "Short code of the value.", key=True),
    text("label", "Name on screen.", required=True),
    integer("sort", "Order on screen.", default=0),
    text(
        "tz",
        "IANA time zone of people with this value, such as a place; empty without one.",
        later=True,
    ),
)
PERSON_ATTRIBUTE = _canonical(
    "person_attribute",
    "A person's value over a span of time; several rows at once where the attribute is multi.",
    identifier("person_id", "The person.", key=True, to="person.person_id"),
    identifier("attribute_code", "The attribute.", key=True, to="attribute_def.attribute_code"),
    day("valid_from", "First day on which the value holds.", key=True),
    identifier("value_code", "The value; empty unless the state is 'given'.", key=True, blank=True),
    choice("state", VALUE_STATES, "Whether there is a value, and if not, why.", default="given"),
    day("valid_to", "Day after the last; empty while it holds.", after="valid_from"),
    choice("asserted_by", ("self", "hr", "derived"), "Who says so.", default="hr"),
)
PROGRAMME = _canonical(
    "programme",
    "A peer-learning programme.",
    identifier("programme_id", "Short code.", key=True),
    text("label", "Name on screen.", required=True),
    choice(
        "kind",
        (
            "peer_coaching",
            "peer_learning",
            "mentoring",
            "reverse_mentoring",
            "circle",
            "coffee_chat",
            "other",
        ),
        "What people do in it.",
        default="peer_learning",
    ),
    flag("cross_company", "True where several organisations take part.", default=False),
    identifier("lead_org_id", "The organisation that runs it.", to="organisation.org_id"),
)
PROGRAMME_ORG = _canonical(
    "programme_org",
    "An organisation that takes part in a programme, and what it shares.",
    identifier("programme_id", "The programme.", key=True, to="programme.programme_id"),
    identifier("org_id", "The organisation.", key=True, to="organisation.org_id"),
    choice("role", ("lead", "member"), "Whether it runs the programme.", default="member"),
    choice("sharing", ("row_level", "aggregate_only"), "What it shares.", default="row_level"),
)
COHORT = _canonical(
    "cohort",
    "People who go through a programme together.",
    identifier("cohort_id", "Short code.", key=True),
    identifier("programme_id", "The programme.", required=True, to="programme.programme_id"),
    text("label", "Name on screen.", required=True),
    day("starts_on", "First day."),
    day("ends_on", "Last day.", not_before="starts_on"),
    integer("cadence_days", "Days between two conversations of one pair.", low=1),
    choice(
        "arm",
        ("delivered", "waitlist", "control"),
        "What the cohort is in an evaluation.",
        default="delivered",
    ),
)
ENROLMENT = _canonical(
    "enrolment",
    "A person's place in a cohort; 'eligible' rows are those who could take part and do not yet.",
    identifier("cohort_id", "The cohort.", key=True, to="cohort.cohort_id"),
    identifier("person_id", "The person.", key=True, to="person.person_id"),
    choice(
        "status",
        (
            "eligible",
            "invited",
            "applied",
            "enrolled",
            "active",
            "paused",
            "completed",
            "withdrawn",
            "declined",
            "removed",
        ),
        "How far the person came.",
        required=True,
    ),
    day("invited_on", "Day of the invitation."),
    day("enrolled_on", "Day on which the person joined; empty if never."),
    day("ended_on", "Day after the last; empty while it lasts.", not_before="enrolled_on"),
)
MATCH_ROUND = _canonical(
    "match_round",
    "One drawing of pairs in a cohort.",
    identifier("cohort_id", "The cohort.", key=True, to="cohort.cohort_id"),
    integer("round_no", "1 for the first round.", key=True, low=0),
    instant("run_at", "When the pairs were drawn.", required=True),
    choice(
        "method",
        ("random", "rule", "algorithm", "manual", "self_selected", "unknown"),
        "How pairs were made.",
        default="unknown",
    ),
)
MATCH_POOL = _canonical(
    "match_pool",
    "Who could have been offered a partner in a round, and within which pool.",
    identifier("cohort_id", "The cohort.", key=True, to="cohort.cohort_id"),
    integer("round_no", "The round.", key=True, low=0),
    identifier("person_id", "The person.", key=True, to="person.person_id"),
    identifier(
        "pool_code", "People are matched within a pool only: a site, a time zone.", default="all"
    ),
)
MATCH = _canonical(
    "match",
    "An offer: people put together in one round.",
    identifier("match_id", "Key of the offer.", key=True),
    identifier("cohort_id", "The cohort.", required=True, to="cohort.cohort_id"),
    integer("round_no", "The round.", low=0),
    instant("offered_at", "When it was offered.", required=True),
    choice(
        "status",
        ("offered", "accepted", "declined", "expired", "active", "ended", "unknown"),
        "What became of it.",
        default="unknown",
    ),
)
MATCH_MEMBER = _canonical(
    "match_member",
    "A person in an offer.",
    identifier("match_id", "The offer.", key=True, to="match.match_id"),
    identifier("person_id", "The person.", key=True, to="person.person_id"),
    choice(
        "role",
        ("peer", "mentor", "mentee", "coach", "coachee", "facilitator"),
        "The person's part in it.",
        default="peer",
    ),
)
CONVERSATION = _canonical(
    "conversation",
    "A meeting, planned or held.",
    identifier("conversation_id", "Key of the conversation.", key=True),
    identifier("programme_id", "The programme.", required=True, to="programme.programme_id"),
    identifier("cohort_id", "The cohort.", to="cohort.cohort_id"),
    identifier("match_id", "The offer it came from.", to="match.match_id"),
    instant("scheduled_start_at", "Planned start."),
    instant("actual_start_at", "Real start; one of the two starts is needed."),
    text("tz", "IANA zone that decides day and month.", default="UTC"),
    choice("status", CONVERSATION_STATUSES, "What happened.", required=True),
    choice("evidence", EVIDENCE, "How we know.", required=True),
    choice("mode", MODES, "Where it took place.", default="unknown"),
    identifier("topic_code", "What it was about."),
    integer("duration_s", "Length in seconds.", low=0, high=86_400),
)
CONVERSATION_PARTICIPANT = _canonical(
    "conversation_participant",
    "A seat in a conversation; a seat whose person is unknown stays a seat.",
    identifier("conversation_id", "The conversation.", key=True, to="conversation.conversation_id"),
    integer("slot", "1, 2, ... within the conversation.", key=True, low=1),
    identifier("person_id", "The person; empty if unresolved.", to="person.person_id"),
    choice(
        "role",
        ("peer", "mentor", "mentee", "coach", "coachee", "facilitator"),
        "The person's part in it.",
        default="peer",
    ),
    choice("attended", ("yes", "no", "unknown"), "Whether the person came.", default="unknown"),
)
SKILL = _canonical(
    "skill",
    "A skill that is rated.",
    identifier("skill_code", "Short code.", key=True),
    text("label", "Name on screen.", required=True),
    choice(
        "family",
        (
            "awareness",
            "vulnerability",
            "empathy",
            "compassion",
            "adaptability",
            "agility",
            "communication",
            "technical",
            "other",
        ),
        "The four emotional skills, three more, and technical ones.",
        required=True,
    ),
)
WAVE = _canonical(
    "wave",
    "A moment at which people were asked or rated.",
    identifier("wave_id", "Key of the wave.", key=True),
    identifier("programme_id", "The programme, if one alone.", to="programme.programme_id"),
    identifier("cohort_id", "The cohort, if one alone.", to="cohort.cohort_id"),
    integer("wave_no", "1 for the first.", required=True, low=0),
    text("label", "Name on screen.", required=True),
    day("opens_on", "First day.", required=True),
    day("closes_on", "Last day.", not_before="opens_on"),
)
SKILL_RATING = _canonical(
    "skill_rating",
    "One rating of one skill of one person by one rater, on the scale it was given.",
    identifier("rating_id", "Key of the rating.", key=True),
    identifier("person_id", "Who is rated.", required=True, to="person.person_id"),
    choice("rater_kind", ("self", "peer", "manager", "system"), "Who rates.", required=True),
    identifier("rater_person_id", "The rater, if known.", to="person.person_id"),
    identifier("skill_code", "The skill.", required=True, to="skill.skill_code"),
    identifier("wave_id", "The wave.", required=True, to="wave.wave_id"),
    identifier(
        "about_wave_id",
        "Then-test: the earlier wave that people look back at; empty for a rating of the present.",
        to="wave.wave_id",
        later=True,
    ),
    number("scale_min", "Lowest rating possible.", required=True),
    number("scale_max", "Highest rating possible.", required=True, after="scale_min"),
    number("value_num", "The rating; empty unless given.", within=("scale_min", "scale_max")),
    choice("state", ANSWER_STATES, "Whether there is a rating.", default="given"),
    day("rated_on", "Day of the rating.", required=True),
)
INSTRUMENT = _canonical(
    "instrument",
    "A questionnaire in one version.",
    identifier("instrument_id", "Key of the questionnaire.", key=True),
    text("label", "Name on screen.", required=True),
    text("version", "Version.", default="1"),
    choice(
        "kind",
        ("post_conversation", "pulse", "engagement", "skills", "exit", "other"),
        "When it is asked.",
        required=True,
    ),
    choice(
        "identity",
        ("identified", "pseudonymous", "anonymous"),
        "Whether answers can be tied to a person.",
        default="pseudonymous",
    ),
)
ITEM = _canonical(
    "item",
    "A question of a questionnaire.",
    identifier("item_id", "Key of the question.", key=True),
    identifier("instrument_id", "The questionnaire.", required=True, to="instrument.instrument_id"),
    identifier(
        "construct", "What it measures: psychological_safety, learning_source.", required=True
    ),
    choice("kind", ("scale", "single", "multi", "number"), "Form of the answer.", required=True),
    number("scale_min", "Lowest answer possible."),
    number("scale_max", "Highest answer possible.", after="scale_min"),
    flag("reversed", "True where a high answer means little.", default=False),
)
ITEM_OPTION = _canonical(
    "item_option",
    "An answer that can be ticked.",
    identifier("item_id", "The question.", key=True, to="item.item_id"),
    identifier("option_code", "Short code.", key=True),
    text("label", "Name on screen.", required=True),
    integer("sort", "Order on screen.", default=0),
)
RESPONSE = _canonical(
    "response",
    "A questionnaire filled in once.",
    identifier("response_id", "Key of the response.", key=True),
    identifier("instrument_id", "The questionnaire.", required=True, to="instrument.instrument_id"),
    identifier("wave_id", "The wave, if any.", to="wave.wave_id"),
    identifier("person_id", "Who answered; empty if anonymous.", to="person.person_id"),
    identifier("cohort_id", "The cohort, where the person is unknown.", to="cohort.cohort_id"),
    identifier(
        "conversation_id", "The conversation it is about.", to="conversation.conversation_id"
    ),
    instant("submitted_at", "When it was handed in.", required=True),
)
ANSWER = _canonical(
    "answer",
    "One answer of a response, as it was given.",
    identifier("response_id", "The response.", key=True, to="response.response_id"),
    identifier("item_id", "The question.", key=True, to="item.item_id"),
    identifier("option_code", "The option ticked; empty for numbers.", key=True, blank=True),
    number("value_num", "The number given.", scale_of="item"),
    choice("state", ANSWER_STATES, "Whether there is an answer.", default="given"),
)
LEARNING_ACTIVITY = _canonical(
    "learning_activity",
    "Something a person did to learn, besides conversations.",
    identifier("activity_id", "Key of the activity.", key=True),
    identifier("person_id", "The person.", required=True, to="person.person_id"),
    choice("modality", MODALITIES, "How it was taught.", required=True),
    instant("started_at", "Start.", required=True),
    integer("duration_s", "Length in seconds.", low=0),
    choice(
        "status",
        ("enrolled", "in_progress", "completed", "dropped", "unknown"),
        "How far it came.",
        default="unknown",
    ),
    identifier("title_code", "Which activity."),
)
OUTCOME = _canonical(
    "outcome",
    "A result beyond the programme: engagement, retention, a move.",
    identifier("person_id", "The person.", key=True, to="person.person_id"),
    identifier("outcome_code", "Which outcome.", key=True),
    day("as_of_on", "Day it was taken.", key=True),
    number("value_num", "Its value; 1 and 0 for yes and no.", required=True),
)

CANONICAL: dict[str, Table] = {table.name: table for table in METADATA.tables.values()}
"""Every canonical table by name, in the order declared."""

IMPORT_ORDER: tuple[str, ...] = tuple(CANONICAL)
"""Tables in an order in which whatever a row points to comes first."""
