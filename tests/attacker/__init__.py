"""An attacker from outside: reads folders of reports and works out what they do not say.

Nothing here uses the package. The attacker has the written files, several editions and issues of
them, the questionnaires, and everything that the published method says.
"""
