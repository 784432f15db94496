"""How PostgreSQL's tables came to be: append-only, each step the twin of the SQLite step it is named after.

The first step makes at once what the SQLite steps up to its name have made, and a step that has been released is never
changed. A test compares both schemas: the same tables, columns, types, keys and references.

The words for types are SQLite's, as in `migrations.py`, and become PostgreSQL's here: text sorts by its bytes in both,
whatever language the server is set to. Only here: `rowid`, the order in which rows came, which SQLite has by itself;
the table `noted`, where triggers leave what a transaction has changed until it writes the history of it, in the same
transaction; and `tries`, which the limits on guessing have in common between replicas.
"""

import re
from typing import Final

from assessment.store.watch import TRACKED

TABLE: Final = "_salgsflyt_migrations"
ROWID: Final = "rowid"
# no records of anybody's: nothing to compare, copy or explain
OWN: Final = frozenset({TABLE, "noted", "tries"})
# set for a transaction that somebody is behind
RECORDING: Final = "salgsflyt.recording"

_TYPES: Final = {"TEXT": 'text COLLATE "C"', "INTEGER": "bigint", "REAL": "double precision", "BLOB": "bytea"}


def statements(step: str) -> str:
    """The SQL of a step."""
    return re.sub(rf"\b({'|'.join(_TYPES)})\b", lambda word: _TYPES[word[0]], STEPS[step])


def watching() -> str:
    """The SQL that has every tracked table's changes noted; made again after steps, as these may bring tables."""
    # A row that is added is noted when it is in, as an upsert may turn out to change one; the others before, for only
    # then the depth says whether the statement means the row, or what it refers to has gone.
    return _FUNCTION + "".join(
        f"CREATE OR REPLACE TRIGGER {name} {when} ON {table} FOR EACH ROW"
        f" WHEN (current_setting('{RECORDING}', true) = 'on') EXECUTE FUNCTION note();\n"
        for table in TRACKED
        for name, when in (("noted_new", "AFTER INSERT"), ("noted", "BEFORE UPDATE OR DELETE"))
    )


_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO noted (event, depth, table_name, before, after) VALUES (
        TG_OP, pg_trigger_depth(), TG_TABLE_NAME,
        CASE WHEN TG_OP <> 'INSERT' THEN row_to_json(OLD) END,
        CASE WHEN TG_OP <> 'DELETE' THEN row_to_json(NEW) END
    );
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
"""

_M020: Final = """
CREATE TABLE engagements (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('nb', 'en')),
    mode TEXT NOT NULL CHECK (mode IN ('solo', 'anonymous', 'consensus')),
    k INTEGER NOT NULL CHECK (k BETWEEN 5 AND 10),
    training_planned TEXT CHECK (training_planned IN ('yes', 'no', 'unknown')),
    fictional INTEGER NOT NULL CHECK (fictional IN (0, 1)),
    owner TEXT,
    created_at TEXT NOT NULL,
    -- a day, not a time: the last writer may be an anonymous respondent
    changed_on TEXT NOT NULL,
    deleted_at TEXT,
    results_seen_at TEXT,
    -- grows with every write to anything the engagement owns; caches in every process go by it
    revision INTEGER NOT NULL CHECK (revision >= 0)
);
CREATE TABLE waves (
    id TEXT NOT NULL PRIMARY KEY,
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    label TEXT NOT NULL CHECK (label IN ('T0', 'T1', 'T2', 'T3', 'pulse')),
    position INTEGER NOT NULL CHECK (position >= 1),
    opened_at TEXT NOT NULL,
    closed_at TEXT,
    -- the questionnaire and the rules as they were: a result can be computed again, or be seen not to compare
    pack_id TEXT NOT NULL,
    pack_version TEXT NOT NULL,
    pack_hash TEXT NOT NULL,
    scoring_version TEXT NOT NULL,
    k INTEGER NOT NULL CHECK (k BETWEEN 5 AND 10),
    by_team INTEGER NOT NULL CHECK (by_team IN (0, 1)),
    UNIQUE (engagement_id, position)
);
CREATE TABLE responses (
    id TEXT NOT NULL PRIMARY KEY,
    wave_id TEXT NOT NULL REFERENCES waves(id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('SL', 'S', 'OP', 'OD', 'TM', 'K')),
    team TEXT,
    "view" TEXT NOT NULL CHECK ("view" IN ('role', 'all')),
    -- hash of a code the respondent makes up to be matched with a later wave (method §8.3)
    own_code_hash TEXT
);
CREATE INDEX responses_by_wave ON responses (wave_id);
CREATE TABLE answers (
    response_id TEXT NOT NULL REFERENCES responses(id) ON DELETE CASCADE,
    item_id TEXT NOT NULL,
    -- text, since two of the values are words: DK don't know, NA not applicable; no row is unanswered
    answer TEXT NOT NULL CHECK (answer IN ('1', '2', '3', '4', '5', 'DK', 'NA')),
    na_reason TEXT CHECK (na_reason IS NULL OR answer = 'NA'),
    PRIMARY KEY (response_id, item_id)
);
CREATE TABLE page_times (
    response_id TEXT NOT NULL REFERENCES responses(id) ON DELETE CASCADE,
    page TEXT NOT NULL,
    -- steps of 5, too coarse to recognise anybody's pace by
    seconds INTEGER NOT NULL CHECK (seconds >= 0 AND seconds % 5 = 0),
    PRIMARY KEY (response_id, page)
);
CREATE TABLE evidence_grades (
    wave_id TEXT NOT NULL REFERENCES waves(id) ON DELETE CASCADE,
    item_id TEXT NOT NULL,
    -- the consultant's: E0 none, E1 told, E2 example seen, E3 data checked; a badge, never part of a score
    grade TEXT NOT NULL CHECK (grade IN ('E0', 'E1', 'E2', 'E3')),
    PRIMARY KEY (wave_id, item_id)
);
CREATE TABLE criterion_settings (
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    criterion_id TEXT NOT NULL,
    weight INTEGER NOT NULL CHECK (weight BETWEEN 0 AND 3),
    target REAL NOT NULL CHECK (target BETWEEN 2 AND 5),
    set_after_results INTEGER NOT NULL CHECK (set_after_results IN (0, 1)),
    PRIMARY KEY (engagement_id, criterion_id)
);
CREATE TABLE readiness_answers (
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    item_id TEXT NOT NULL,
    answer TEXT NOT NULL CHECK (answer IN ('1', '2', '3', '4', '5', 'DK', 'NA')),
    evidence TEXT CHECK (evidence IN ('E0', 'E1', 'E2', 'E3')),
    PRIMARY KEY (engagement_id, item_id)
);
CREATE TABLE mandates (
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    version INTEGER NOT NULL CHECK (version >= 1),
    scope TEXT CHECK (scope IN ('named', 'all_sales', 'sales_plus', 'company')),
    processes_in_scope INTEGER CHECK (processes_in_scope >= 0),
    horizon_months INTEGER CHECK (horizon_months >= 1),
    may_change_process INTEGER CHECK (may_change_process IN (0, 1)),
    may_change_system INTEGER CHECK (may_change_system IN (0, 1)),
    may_change_model INTEGER CHECK (may_change_model IN (0, 1)),
    may_change_organisation INTEGER CHECK (may_change_organisation IN (0, 1)),
    owner TEXT CHECK (owner IN ('SL', 'TM')),
    budget_nok REAL CHECK (budget_nok >= 0),
    hours REAL CHECK (hours >= 0),
    reason TEXT,
    created_at TEXT NOT NULL,
    PRIMARY KEY (engagement_id, version)
);
CREATE TABLE mandate_departments (
    engagement_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    position INTEGER NOT NULL,
    department TEXT NOT NULL,
    counterpart TEXT,
    presumed INTEGER NOT NULL DEFAULT 0 CHECK (presumed IN (0, 1)),
    PRIMARY KEY (engagement_id, version, position),
    UNIQUE (engagement_id, version, department),
    FOREIGN KEY (engagement_id, version) REFERENCES mandates(engagement_id, version) ON DELETE CASCADE
);
CREATE TABLE kpis (
    id TEXT NOT NULL PRIMARY KEY,
    rowid INTEGER GENERATED BY DEFAULT AS IDENTITY,
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    code TEXT,
    name TEXT NOT NULL,
    definition TEXT,
    numerator TEXT,
    denominator TEXT,
    unit TEXT,
    better TEXT NOT NULL CHECK (better IN ('up', 'down')),
    period TEXT CHECK (period IN ('week', 'month', 'quarter', 'year')),
    source_system TEXT,
    extracted_on TEXT,
    owner TEXT,
    -- A system log, B manual count, C estimate
    quality TEXT CHECK (quality IN ('A', 'B', 'C')),
    -- limits are frozen at the baseline, and clipped at the floor where a value cannot fall below it
    baseline_until_on TEXT,
    floor_value REAL,
    UNIQUE (engagement_id, code)
);
CREATE TABLE kpi_points (
    kpi_id TEXT NOT NULL REFERENCES kpis(id) ON DELETE CASCADE,
    "date" TEXT NOT NULL,
    value REAL NOT NULL,
    -- of a ratio, so that periods can be added up rightly
    numerator REAL,
    denominator REAL,
    n INTEGER CHECK (n >= 0),
    -- a confirmed change: new limits from here on, and why
    starts_segment INTEGER NOT NULL DEFAULT 0 CHECK (starts_segment IN (0, 1)),
    note TEXT,
    PRIMARY KEY (kpi_id, "date")
);
CREATE TABLE processes (
    id TEXT NOT NULL PRIMARY KEY,
    rowid INTEGER GENERATED BY DEFAULT AS IDENTITY,
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    code TEXT,
    name_nb TEXT,
    name_en TEXT,
    starts_with TEXT,
    ends_with TEXT,
    input TEXT,
    output TEXT,
    frequency TEXT,
    hours_month REAL CHECK (hours_month >= 0),
    pain INTEGER CHECK (pain BETWEEN 0 AND 3),
    -- judged apart and blind to each other; the disagreements are the result (method §5.6)
    class_consultant TEXT CHECK (class_consultant IN ('core', 'management', 'support')),
    class_client TEXT CHECK (class_client IN ('core', 'management', 'support')),
    class_agreed TEXT CHECK (class_agreed IN ('core', 'management', 'support')),
    class_reason TEXT,
    owner TEXT,
    in_mandate INTEGER CHECK (in_mandate IN (0, 1)),
    classes_shown_at TEXT, class_decided_by TEXT,
    UNIQUE (engagement_id, code),
    CHECK (coalesce(code, name_nb, name_en) IS NOT NULL)
);
CREATE TABLE stages (
    id TEXT NOT NULL PRIMARY KEY,
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    parent_stage_id TEXT REFERENCES stages(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    code TEXT,
    name TEXT NOT NULL,
    department TEXT,
    -- working hours waited before the stage starts, and on whom
    wait_h REAL CHECK (wait_h >= 0),
    wait_side TEXT CHECK (wait_side IN ('own_internal', 'own_other_dept', 'customer')),
    -- share the next stage can use without correcting or asking; stored on the sending stage (method §5.1)
    complete_accurate_share REAL CHECK (complete_accurate_share BETWEEN 0 AND 1),
    volume_month REAL CHECK (volume_month >= 0),
    conversion_share REAL CHECK (conversion_share BETWEEN 0 AND 1),
    wip REAL CHECK (wip >= 0),
    reentry_share REAL CHECK (reentry_share BETWEEN 0 AND 1)
);
CREATE INDEX stages_by_engagement ON stages (engagement_id, position);
CREATE INDEX stages_by_parent ON stages (parent_stage_id);
CREATE TABLE handoffs (
    from_stage_id TEXT NOT NULL REFERENCES stages(id) ON DELETE CASCADE,
    to_stage_id TEXT NOT NULL REFERENCES stages(id) ON DELETE CASCADE,
    volume_month REAL CHECK (volume_month >= 0),
    -- both sides are asked, and the difference is shown
    complete_accurate_sender_share REAL CHECK (complete_accurate_sender_share BETWEEN 0 AND 1),
    complete_accurate_receiver_share REAL CHECK (complete_accurate_receiver_share BETWEEN 0 AND 1),
    wait_h REAL CHECK (wait_h >= 0),
    fix_h REAL CHECK (fix_h >= 0),
    clear_content INTEGER CHECK (clear_content IN (0, 1)),
    clear_deadline INTEGER CHECK (clear_deadline IN (0, 1)),
    clear_receiver INTEGER CHECK (clear_receiver IN (0, 1)),
    clear_feedback INTEGER CHECK (clear_feedback IN (0, 1)),
    PRIMARY KEY (from_stage_id, to_stage_id)
);
CREATE INDEX handoffs_by_receiver ON handoffs (to_stage_id);
CREATE TABLE waste_rows (
    id TEXT NOT NULL PRIMARY KEY,
    rowid INTEGER GENERATED BY DEFAULT AS IDENTITY,
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    code TEXT NOT NULL CHECK (code IN ('W1', 'W2', 'W3', 'W4', 'W5', 'W6', 'W7', 'W8')),
    stage_id TEXT REFERENCES stages(id) ON DELETE SET NULL,
    description TEXT,
    hours_month REAL CHECK (hours_month >= 0),
    hourly_cost_nok REAL CHECK (hourly_cost_nok >= 0),
    frequency TEXT,
    cause TEXT,
    owner TEXT,
    in_mandate INTEGER CHECK (in_mandate IN (0, 1))
);
CREATE INDEX waste_rows_by_engagement ON waste_rows (engagement_id);
CREATE INDEX waste_rows_by_stage ON waste_rows (stage_id);
CREATE TABLE members (
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    -- the signed-in person, as the identity provider names them
    subject TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('facilitator', 'viewer')),
    added_at TEXT NOT NULL,
    PRIMARY KEY (engagement_id, subject)
);
CREATE TABLE links (
    id TEXT NOT NULL PRIMARY KEY,
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    wave_id TEXT REFERENCES waves(id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('answer', 'results', 'facilitate')),
    token_hash TEXT NOT NULL UNIQUE,
    pin_hash TEXT,
    -- preset for the respondent; NULL lets them choose
    role TEXT CHECK (role IN ('SL', 'S', 'OP', 'OD', 'TM', 'K')),
    team TEXT,
    max_uses INTEGER CHECK (max_uses >= 1),
    uses INTEGER NOT NULL DEFAULT 0 CHECK (uses >= 0),
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT
);
CREATE INDEX links_by_engagement ON links (engagement_id);
CREATE INDEX links_by_wave ON links (wave_id);
CREATE TABLE shared_scores (
    wave_id TEXT NOT NULL REFERENCES waves(id) ON DELETE CASCADE,
    criterion_id TEXT NOT NULL,
    -- NULL where the anonymity rules hide it
    score REAL CHECK (score BETWEEN 1 AND 5),
    PRIMARY KEY (wave_id, criterion_id)
);
CREATE TABLE pools (
    id TEXT NOT NULL PRIMARY KEY,
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    position INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL,
    fte REAL CHECK (fte >= 0),
    hours_month REAL CHECK (hours_month >= 0),
    flow_share REAL CHECK (flow_share BETWEEN 0 AND 1),
    UNIQUE (engagement_id, name)
);
CREATE TABLE stage_pools (
    stage_id TEXT NOT NULL REFERENCES stages(id) ON DELETE CASCADE,
    pool_id TEXT NOT NULL REFERENCES pools(id) ON DELETE CASCADE,
    process_time_h REAL CHECK (process_time_h >= 0),
    PRIMARY KEY (stage_id, pool_id)
);
CREATE INDEX stage_pools_by_pool ON stage_pools (pool_id);
CREATE TABLE changes (
    id INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    changed_at TEXT NOT NULL,
    -- how they came in; subject is the name of whoever signed in
    actor TEXT NOT NULL CHECK (actor IN ('local', 'key', 'oidc', 'link')),
    subject TEXT,
    -- the change this one took back
    undoes INTEGER REFERENCES changes(id) ON DELETE CASCADE,
    undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
    -- cannot be taken back, such as that somebody has seen something
    lasting INTEGER NOT NULL DEFAULT 0 CHECK (lasting IN (0, 1))
);
CREATE INDEX changes_by_engagement ON changes (engagement_id);
CREATE INDEX changes_by_undone ON changes (undoes) WHERE undoes IS NOT NULL;
CREATE TABLE changed_rows (
    change_id INTEGER NOT NULL REFERENCES changes(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    table_name TEXT NOT NULL CHECK (table_name NOT IN ('responses', 'answers', 'page_times')),
    row_key TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (change_id, position),
    CHECK (before IS NOT NULL OR after IS NOT NULL)
);
CREATE TABLE mandate_processes (
    engagement_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    process_id TEXT NOT NULL,
    PRIMARY KEY (engagement_id, version, process_id),
    FOREIGN KEY (engagement_id, version) REFERENCES mandates(engagement_id, version) ON DELETE CASCADE
);
CREATE TABLE goals (
    id TEXT NOT NULL PRIMARY KEY,
    rowid INTEGER GENERATED BY DEFAULT AS IDENTITY,
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    draft INTEGER NOT NULL CHECK (draft IN (0, 1)),
    text TEXT,
    target_value REAL,
    baseline_value REAL,
    unit TEXT,
    due_on TEXT,
    owner TEXT,
    kpi_id TEXT REFERENCES kpis(id) ON DELETE SET NULL,
    CHECK (draft = 1 OR (text IS NOT NULL AND target_value IS NOT NULL AND baseline_value IS NOT NULL
        AND unit IS NOT NULL AND due_on IS NOT NULL AND owner IS NOT NULL))
);
CREATE INDEX goals_by_engagement ON goals (engagement_id);
CREATE INDEX goals_by_kpi ON goals (kpi_id);
CREATE TABLE sponsor_notes (
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    strategy TEXT NOT NULL CHECK (strategy IN ('S1', 'S2', 'S3', 'S4', 'S5', 'S6')),
    language TEXT NOT NULL CHECK (language IN ('nb', 'en')),
    section TEXT NOT NULL CHECK (section IN ('shows', 'excludes', 'possible', 'meanwhile', 'decide')),
    words TEXT NOT NULL,
    mandate_version INTEGER NOT NULL CHECK (mandate_version >= 0),
    PRIMARY KEY (engagement_id, strategy, language, section)
);
CREATE TABLE payback_lines (
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    line TEXT NOT NULL CHECK (line IN ('B1a', 'B1b', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7')),
    owner TEXT,
    kpi_id TEXT REFERENCES kpis(id) ON DELETE SET NULL,
    evidence TEXT CHECK (evidence IN ('E0', 'E1', 'E2', 'E3')),
    -- realised needs a signal on the KPI and the owner's signature (method §4.3)
    realised_on TEXT,
    signed_by TEXT,
    realised_amount REAL CHECK (realised_amount >= 0),
    realised_measured_on TEXT, realised_note TEXT,
    PRIMARY KEY (engagement_id, line),
    CHECK (realised_on IS NULL OR signed_by IS NOT NULL)
);
CREATE INDEX payback_lines_by_kpi ON payback_lines (kpi_id);
CREATE TABLE payback_inputs (
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    input TEXT NOT NULL,
    low REAL,
    likely REAL,
    high REAL,
    unsure INTEGER NOT NULL DEFAULT 0 CHECK (unsure IN (0, 1)),
    source TEXT,
    quality TEXT CHECK (quality IN ('A', 'B', 'C')),
    PRIMARY KEY (engagement_id, input)
);
CREATE TABLE payback_terms (
    engagement_id TEXT NOT NULL PRIMARY KEY REFERENCES engagements(id) ON DELETE CASCADE,
    -- a label for every amount of the engagement, KPIs and waste included; nothing is converted
    currency TEXT NOT NULL CHECK (currency IN ('NOK', 'SEK', 'DKK', 'EUR')),
    consultant_cost REAL CHECK (consultant_cost >= 0),
    own_hours REAL CHECK (own_hours >= 0),
    own_hour_cost REAL CHECK (own_hour_cost >= 0),
    training_cost REAL CHECK (training_cost >= 0),
    systems_cost REAL CHECK (systems_cost >= 0),
    other_cost REAL CHECK (other_cost >= 0),
    running_cost REAL CHECK (running_cost >= 0),
    discount_rate REAL NOT NULL CHECK (discount_rate BETWEEN 0 AND 1),
    first_year_share REAL NOT NULL CHECK (first_year_share BETWEEN 0 AND 1),
    years INTEGER NOT NULL CHECK (years >= 1),
    growth_reason TEXT
);
CREATE TABLE findings (
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    wave_id TEXT NOT NULL REFERENCES waves(id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    wording TEXT,
    note TEXT,
    reason TEXT,
    decided TEXT CHECK (decided IN ('accepted', 'rejected')),
    decided_at TEXT,
    -- what it rested on when it was decided, so that one can tell whether that has changed
    basis TEXT,
    PRIMARY KEY (wave_id, rule),
    CHECK ((decided IS NULL) = (decided_at IS NULL) AND (decided IS NULL) = (basis IS NULL)),
    CHECK (decided IS DISTINCT FROM 'rejected' OR reason IS NOT NULL)
);
CREATE INDEX findings_by_engagement ON findings (engagement_id);
CREATE TABLE diagnosis_signatures (
    wave_id TEXT NOT NULL PRIMARY KEY REFERENCES waves(id) ON DELETE CASCADE,
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    signed_by TEXT NOT NULL,
    signed_at TEXT NOT NULL,
    basis TEXT NOT NULL
);
CREATE INDEX diagnosis_signatures_by_engagement ON diagnosis_signatures (engagement_id);
CREATE TABLE actions (
    id TEXT NOT NULL PRIMARY KEY,
    rowid INTEGER GENERATED BY DEFAULT AS IDENTITY,
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    quick_win INTEGER NOT NULL CHECK (quick_win IN (0, 1)),
    parked INTEGER NOT NULL CHECK (parked IN (0, 1)),
    title TEXT,
    strategy TEXT CHECK (strategy IN ('S0', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6')),
    status TEXT NOT NULL CHECK (status IN ('planned', 'doing', 'done', 'dropped')),
    figure REAL,
    unit TEXT,
    owner TEXT,
    due_on TEXT,
    effort_h REAL CHECK (effort_h >= 0),
    kpi_id TEXT REFERENCES kpis(id) ON DELETE SET NULL,
    process_id TEXT REFERENCES processes(id) ON DELETE SET NULL,
    stage_id TEXT REFERENCES stages(id) ON DELETE SET NULL,
    to_stage_id TEXT REFERENCES stages(id) ON DELETE SET NULL,
    role_consequences TEXT,
    training_need TEXT,
    -- a proposal is taken over once
    source TEXT,
    done_on TEXT,
    -- a quick win without figure, owner, KPI and date is not one (method §8.1)
    CHECK (quick_win = 0 OR (figure IS NOT NULL AND owner IS NOT NULL AND kpi_id IS NOT NULL
        AND due_on IS NOT NULL)),
    CHECK ((status = 'done') = (done_on IS NOT NULL))
);
CREATE INDEX actions_by_engagement ON actions (engagement_id, position);
CREATE UNIQUE INDEX actions_by_source ON actions (engagement_id, source);
CREATE INDEX actions_by_kpi ON actions (kpi_id);
CREATE INDEX actions_by_process ON actions (process_id);
CREATE INDEX actions_by_stage ON actions (stage_id);
CREATE INDEX actions_by_to_stage ON actions (to_stage_id);
CREATE TABLE retrospective_answers (
    response_id TEXT NOT NULL REFERENCES responses(id) ON DELETE CASCADE,
    item_id TEXT NOT NULL,
    answer TEXT NOT NULL CHECK (answer IN ('1', '2', '3', '4', '5', 'DK')),
    PRIMARY KEY (response_id, item_id)
);
CREATE TABLE strategy_weights (
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    strategy TEXT NOT NULL CHECK (strategy IN ('S1', 'S2', 'S3', 'S4', 'S5', 'S6')),
    signal TEXT NOT NULL,
    weight REAL NOT NULL CHECK (weight BETWEEN 0 AND 1),
    PRIMARY KEY (engagement_id, strategy, signal)
);
CREATE TABLE strategy_decisions (
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number >= 1),
    wave_id TEXT NOT NULL REFERENCES waves(id) ON DELETE CASCADE,
    strategy TEXT NOT NULL CHECK (strategy IN ('S0', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6')),
    decided_by TEXT NOT NULL,
    decided_on TEXT NOT NULL,
    recommended TEXT CHECK (recommended IN ('S0', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6')),
    outside INTEGER NOT NULL CHECK (outside IN (0, 1)),
    reason TEXT,
    basis TEXT NOT NULL,
    PRIMARY KEY (engagement_id, number),
    CHECK (reason IS NOT NULL OR (strategy IS NOT DISTINCT FROM recommended AND outside = 0))
);
CREATE INDEX strategy_decisions_by_wave ON strategy_decisions (wave_id);
CREATE TABLE training_briefs (
    engagement_id TEXT NOT NULL PRIMARY KEY REFERENCES engagements(id) ON DELETE CASCADE,
    last_day TEXT,
    verdict TEXT,
    steps TEXT,
    obstacles TEXT,
    measures TEXT
);
CREATE TABLE branding (
    engagement_id TEXT NOT NULL PRIMARY KEY REFERENCES engagements(id) ON DELETE CASCADE,
    sender TEXT,
    colour TEXT,
    logo BLOB,
    template BLOB
);
CREATE TABLE rooms (
    id TEXT NOT NULL PRIMARY KEY,
    engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
    -- keyed: the code itself is only made from the installation's secret
    code_hash TEXT NOT NULL UNIQUE,
    opened_at TEXT NOT NULL,
    closed_at TEXT,
    wifi_name TEXT,
    wifi_password TEXT,
    step_id TEXT NOT NULL,
    step_began_at TEXT NOT NULL,
    hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)),
    consensus INTEGER NOT NULL CHECK (consensus IN (0, 1)),
    -- grows with what changes on a screen or a phone; phones wait for it
    revision INTEGER NOT NULL
);
CREATE UNIQUE INDEX rooms_open ON rooms (engagement_id) WHERE closed_at IS NULL;
CREATE INDEX rooms_by_engagement ON rooms (engagement_id);
CREATE TABLE room_steps (
    id TEXT NOT NULL PRIMARY KEY,
    room_id TEXT NOT NULL REFERENCES rooms(id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    kind TEXT NOT NULL CHECK (kind IN ('frame', 'pulse', 'result', 'classify', 'walk', 'diagnosis', 'strategy',
        'quick_wins', 'brief', 'own')),
    title TEXT,
    minutes INTEGER NOT NULL CHECK (minutes >= 1),
    note TEXT,
    "text" TEXT,
    outcome TEXT,
    skipped INTEGER NOT NULL CHECK (skipped IN (0, 1))
);
CREATE INDEX room_steps_by_room ON room_steps (room_id, position);
CREATE TABLE room_ballots (
    step_id TEXT NOT NULL REFERENCES room_steps(id) ON DELETE CASCADE,
    round INTEGER NOT NULL CHECK (round >= 1),
    kind TEXT NOT NULL CHECK (kind IN ('pulse', 'items', 'classes', 'dots')),
    questions TEXT NOT NULL,
    together INTEGER NOT NULL CHECK (together IN (0, 1)),
    agreed TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    revealed_at TEXT,
    outcome TEXT,
    PRIMARY KEY (step_id, round),
    CHECK ((revealed_at IS NULL) = (outcome IS NULL))
);
CREATE TABLE room_votes (
    step_id TEXT NOT NULL,
    round INTEGER NOT NULL,
    voter TEXT NOT NULL,
    question TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (step_id, round, voter, question),
    FOREIGN KEY (step_id, round) REFERENCES room_ballots (step_id, round) ON DELETE CASCADE
);
CREATE TABLE room_phones (
    room_id TEXT NOT NULL REFERENCES rooms(id) ON DELETE CASCADE,
    voter TEXT NOT NULL,
    PRIMARY KEY (room_id, voter)
);
-- UNLOGGED: empty between transactions, or of the last minute, so that a crash loses nothing
CREATE UNLOGGED TABLE noted (
    number INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    event TEXT NOT NULL,
    depth INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    before json,
    after json
);
CREATE UNLOGGED TABLE tries (
    number INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    secret TEXT NOT NULL,
    who TEXT NOT NULL,
    tried_at REAL NOT NULL
);
CREATE INDEX tries_by_secret ON tries (secret, tried_at);
"""

_M021: Final = """
CREATE TABLE privacy (
    engagement_id TEXT NOT NULL PRIMARY KEY REFERENCES engagements(id) ON DELETE CASCADE,
    controller TEXT,
    contact TEXT,
    erase_on TEXT
);
"""

_M022: Final = """
ALTER TABLE privacy ADD COLUMN retention_months INTEGER CHECK (
    retention_months IS NULL OR (retention_months BETWEEN 1 AND 120 AND erase_on IS NULL)
);
ALTER TABLE privacy ADD COLUMN announced_on TEXT;
"""

_M023: Final = """
CREATE TABLE audit_log (
    id INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor IN ('local', 'key', 'oidc', 'link', 'command', 'system')),
    subject TEXT,
    kind TEXT NOT NULL,
    -- no reference: that it was erased is told after it is gone
    engagement_id TEXT,
    count INTEGER NOT NULL CHECK (count >= 0)
);
CREATE INDEX audit_log_by_engagement ON audit_log (engagement_id, id);
CREATE INDEX audit_log_by_time ON audit_log (at);
"""

# by name, in this order
STEPS: Final = {
    "m020_workshop": _M020,
    "m021_privacy": _M021,
    "m022_retention": _M022,
    "m023_audit_log": _M023,
}
