"""Makes tests/fixtures/refinement/*.json: embeddings or scores, and what each refinement must make of them.

    python tests/reference/evaluation/make_refinement_fixtures.py

Needs numpy and scikit-learn; their versions are written into the files. All is in double precision, from the
definitions, and dense: whole matrices of distances, memberships and encodings, unlike the crate. Each refinement
has its module in refinement/.
"""

from refinement.averages import average_cases
from refinement.files import write
from refinement.query_expansion import expansion_cases
from refinement.re_ranking import re_ranking_cases
from refinement.score_norm import score_norm_cases
from refinement.whitening import whitening_cases


def main():
    write("re_ranking", re_ranking_cases())
    write("query_expansion", expansion_cases())
    write("whitening", whitening_cases())
    write("score_norm", score_norm_cases())
    write("averages", average_cases())


if __name__ == "__main__":
    main()
