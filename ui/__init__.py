"""What all pages share: the router, the controls, the frame round every chart, and the words."""
