"""Tables, workbooks and forms for people."""
