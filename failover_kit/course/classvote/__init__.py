"""A class votes on one question of the course: counted from what learners have done, or as they do it.

    learners' progress files  ->  journals  ->  Tally;   answers over HTTP  ->  booth -> ballots  ->  Tally

Reading order: ballots; journals; rate, booth, station; joining, which is the learner's side.
"""
