"""Running a suite: obtain evidence, judge it, draw verdicts; one way from judgement to result."""
