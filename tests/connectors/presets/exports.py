"""Exports in the real shape of each service, written by hand, with invented people."""

from __future__ import annotations

ZOOM = (
    "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants\n"
    '987 6543 2100,"Pairs, week 3",03/13/2026 10:00:05 AM,03/13/2026 10:45:10 AM,'
    "host@acme.org,46,3\n"
    "\n"
    "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,"
    "Recording Consent\n"
    "Ana A,ana@acme.org,03/13/2026 10:00:05 AM,03/13/2026 10:45:10 AM,46,No,\n"
    "Bo (Bo B),bo@acme.org,03/13/2026 10:02:00 AM,03/13/2026 10:20:00 AM,18,No,\n"
    "Bo (Bo B),bo@acme.org,03/13/2026 10:21:30 AM,03/13/2026 10:45:00 AM,24,No,\n"
    "Guest of Bo,,03/13/2026 10:30:00 AM,03/13/2026 10:31:00 AM,1,Yes,\n"
)
ZOOM_UNIQUE = (
    "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants\n"
    "987 6543 2100,Pairs,03/13/2026 10:00:05 AM,03/13/2026 10:45:10 AM,host@acme.org,46,2\n\n"
    "Name (original name),User Email,Total Duration (Minutes),Guest\n"
    "Ana A,ana@acme.org,46,No\nBo B,bo@acme.org,42,No\n"
)
TEAMS = (
    "1. Summary\nMeeting title\tPairs, week 3\nAttended participants\t2\n"
    "Start time\t3/13/26, 10:00:05 AM\nEnd time\t3/13/26, 10:45:10 AM\n"
    "Meeting duration\t45m 5s\nAverage attendance time\t44m 1s\n\n"
    "2. Participants\n"
    "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\n"
    "Ana A\t3/13/26, 10:00:05 AM\t3/13/26, 10:45:10 AM\t45m 5s\tana@acme.org\tana@acme.org\t"
    "Organizer\n"
    "Bo B\t3/13/26, 10:02:00 AM\t3/13/26, 10:45:00 AM\t43m\tbo@acme.org\tbo@acme.org\tPresenter\n\n"
    "3. In-Meeting Activities\n"
    "Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\n"
    "Ana A\t3/13/26, 10:00:05 AM\t3/13/26, 10:45:10 AM\t45m 5s\tana@acme.org\tOrganizer\n"
)
QUALTRICS = (
    "StartDate,EndDate,Status,IPAddress,Progress,Duration (in seconds),Finished,RecordedDate,"
    "ResponseId,RecipientLastName,RecipientFirstName,RecipientEmail,ExternalReference,"
    "LocationLatitude,LocationLongitude,DistributionChannel,UserLanguage,Q1,Q2\n"
    "Startdatum,Enddatum,Antworttyp,IP-Adresse,Fortschritt,Dauer,Beendet,Aufgezeichnet,"
    "Antwort-ID,Nachname,Vorname,E-Mail,Externe Daten,Breitengrad,Längengrad,Kanal,Sprache,"
    '"I can be myself here, always",What helps you most?\n'
    '"{""ImportId"":""startDate"",""timeZone"":""Europe/Berlin""}","{""ImportId"":""endDate""}",'
    '"{""ImportId"":""status""}",,,,,"{""ImportId"":""recordedDate""}","{""ImportId"":""_rid""}"'
    ",,,,,,,,,,\n"
    "2026-03-03 09:58:00,2026-03-03 10:00:00,IP Address,192.0.2.1,100,120,True,"
    "2026-03-03 10:00:01,R_1a,A,Ana,ana@acme.org,,52.5,13.4,email,DE,4,peers\n"
    "2026-03-03 10:58:00,2026-03-03 11:00:00,IP Address,192.0.2.2,100,120,True,"
    "2026-03-03 11:00:01,R_2b,B,Bo,bo@acme.org,,52.5,13.4,email,DE,5,peers\n"
)
QUALTRICS_OLD = (
    "V1,V2,V3,V4,V5,V6,V7,V8,V9,V10,Q1\n"
    "ResponseID,ResponseSet,Name,ExternalDataReference,EmailAddress,IPAddress,Status,StartDate,"
    "EndDate,Finished,I can be myself here\n"
    "R_1a,Default,Ana,,ana@acme.org,192.0.2.1,0,2026-03-03 09:58:00,2026-03-03 10:00:00,1,4\n"
    "R_2b,Default,Bo,,bo@acme.org,192.0.2.2,0,2026-03-03 10:58:00,2026-03-03 11:00:00,1,5\n"
)
SURVEYMONKEY = (
    "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,"
    "Custom Data 1,I can be myself here,Where do you learn?,,\n"
    ",,,,,,,,,Response,Peers,Managers,Both\n"
    "1180000001,40001,03/13/2026 09:58:00 AM,03/13/2026 10:00:00 AM,192.0.2.1,ana@acme.org,Ana,A,"
    ",4,Peers,,\n"
    "1180000002,40001,03/13/2026 10:58:00 AM,03/13/2026 11:00:00 AM,192.0.2.2,bo@acme.org,Bo,B,"
    ",5,,Managers,\n"
)
MICROSOFT_FORMS = (
    "ID,Start time,Completion time,Email,Name,I can be myself here\n"
    "1,3/13/26 9:58:00,3/13/26 10:00:00,anonymous,,4\n"
    "2,3/13/26 10:58:00,3/13/26 11:00:00,bo@acme.org,Bo B,5\n"
)
GOOGLE_FORMS = (
    "Timestamp,Email Address,I can be myself here\n"
    "2026/09/27 3:00:00 PM GMT+3,ana@acme.org,4\n"
    "2026/09/27 4:00:00 PM GMT+3,bo@acme.org,5\n"
)
CHRONUS = (
    "Mentor Email Address,Mentee Email Address,Mentoring Connection Name\n"
    "ana@acme.org,bo@acme.org,Ana & Bo\n"
    "ana@acme.org,cy@acme.org,Ana & Cy\n"
)
TOGETHER = (
    "employeeId,supervisorId,firstName,lastName,preferredName,email,employeeStatusCode,"
    "departmentName,lastHireDate,dateOfTermination,gender,officeId\n"
    "00123,7,Ana,A,,ana@acme.org,A,Sales,2024-03-01,,woman,BER\n"
    "00124,7,Bo,B,,bo@acme.org,T,Engineering,2023-01-01,2026-02-01,man,BER\n"
)
VIVA = (
    "PrimaryCollaborator_PersonId,SecondaryCollaborator_PersonId,MetricDate,Diverse_tie_score,"
    "Diverse_tie_type,Strong_tie_score,Strong_tie_type,PrimaryCollaborator_Organization,"
    "SecondaryCollaborator_Organization\n"
    "0f1e,2d3c,04/13/2026,0.03,0,0.06,2,Sales,Finance\n"
    "0f1e,4b5a,04/20/2026,0.04,1,0.05,2,Sales,Sales\n"
)

EXPORTS: dict[str, str | bytes] = {
    "zoom_participants": ZOOM,
    "teams_attendance": TEAMS.encode("utf-16"),
    "qualtrics": QUALTRICS,
    "qualtrics_legacy": QUALTRICS_OLD,
    "surveymonkey": SURVEYMONKEY,
    "microsoft_forms": MICROSOFT_FORMS,
    "google_forms": GOOGLE_FORMS,
    "chronus_pairs": CHRONUS,
    "together_people": TOGETHER,
    "viva_person_to_person": VIVA,
}
