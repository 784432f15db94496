"""Every constant of the method in one place; a change here is a new scoring version.

The values are our own conventions unless the method names a source (method, appendix A).
"""

from typing import Final

SCORING_VERSION: Final = "1.0"

# Scoring, method §3.1-3.4
COVERAGE_MIN: Final = 0.60
MIN_ITEMS: Final = 2
OVERALL_WEIGHT_MIN: Final = 0.70
LEVEL_CUTS: Final = (1.5, 2.5, 3.5, 4.5)
TARGET_DEFAULT: Final = 4.0
TARGET_RANGE: Final = (2.0, 5.0)
WEIGHT_DEFAULT: Final = 1
WEIGHT_RANGE: Final = (0, 3)

# Agreement and perception, method §3.5-3.6
AD_CUTS: Final = (0.50, 0.80)
CNS_CUTS: Final = (0.70, 0.45)
SPLIT_SHARE: Final = 0.30
SPLIT_N: Final = 5
GAP_CUTS: Final = (0.75, 1.25)
CI_N: Final = 5
ALPHA_N: Final = (30, 100)

# Evidence and anonymity, method §3.1, §3.8
DK_FLAG: Final = 0.30
K_MIN: Final = 5
K_MAX: Final = 10

# Change between measurements, method §8.3: the spread assumed where too few answered to measure it, and the least
# change worth mentioning then
CHANGE_SD: Final = 0.6
CHANGE_MIN: Final = 0.5

# How long an engagement is kept, and how many days its owner can read beforehand that it is about to be erased
RETENTION_MONTHS_MAX: Final = 120
ERASURE_NOTICE_DAYS: Final = 30

# Careless answering, method §3.9
SEC_HARD: Final = 2.0
READING_SHARE: Final = 0.25
WORDS_PER_MINUTE: Final = 238
LONGSTRING: Final = 0.50
LONGSTRING_MIN: Final = 10
PAGE_SECONDS_STEP: Final = 5  # what the store rounds to, so that a time identifies nobody (method §3.8.6)

# Strategy, method §6
T: Final = 4.0
NEED_HIGH: Final = 0.5
PEAK_REF: Final = 0.5
PROCESSES_MIN: Final = 4
RHO_REF: Final = (0.70, 0.30)
FE_REF: Final = 0.25
CA_REF: Final = 0.40
DEF_REF: Final = 0.30
WASTE_REF: Final = 0.40
DIS_REF: Final = 0.40
EVID_MIN: Final = 0.40
EVID_FULL: Final = 0.75
TIE: Final = 5.0
SUPPORT: Final = (50.0, 15.0)
CONFLICT: Final = 15.0
HOLD: Final = (0.20, 40.0)
STABLE: Final = (0.90, 0.70)

# When to train, method §8.2
TRAIN_CUTS: Final = (2.5, 3.5)

# Process behaviour charts, method §4.2-4.3
XMR_POINT: Final = 2.66  # 3 / 1.128
XMR_RANGE: Final = 3.268  # D4 for ranges of two
XMR_RUN: Final = 8
XMR_FEW: Final = 3
XMR_FEW_OF: Final = 4
XMR_BASELINE_MIN: Final = 6
XMR_BASELINE_FULL: Final = 12

# Shares of fewer cases than this a period call for longer periods, method §4.2
KPI_CASES_MIN: Final = 10

# Value stream, method §5.3
REWORK_F: Final = 0.5
RHO_CUTS: Final = (0.70, 0.85, 1.0)
LITTLE_WARN: Final = 0.25
LITTLE_HOURS_MONTH: Final = 162.5

# Event logs: a working day, Monday to Friday, and the visits below which a figure is marked as thin
WORKDAY_H: Final = 7.5
WORKDAY_BEGINS_H: Final = 8.0
EVENT_VISITS_MIN: Final = 6
WORK_ZONE: Final = "Europe/Oslo"  # of moments that say their zone; most logs say the clock on the wall

# Classification, method §5.6
CI_Z: Final = 1.96

# Payback, method §7
GROWTH_GUARD: Final = 0.10
DISCOUNT: Final = 0.08
RAMP: Final = (0.5, 1.0, 1.0)
YEARS_MAX: Final = 10
PERT_LAMBDA: Final = 4.0
PERT_LAMBDA_UNSURE: Final = 2.0
PERT_DRAWS: Final = 20_000
PERT_DRAWS_RANGE: Final = (100, 200_000)
PERT_SEED: Final = 20240101
