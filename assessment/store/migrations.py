"""How the tables came to be: append-only, one function a step, applied in this order.

A step that has been released is never changed, because there are databases it has already been applied to; what needs
changing is changed by a new function at the end. Steps run in one transaction with foreign keys off and are checked
before it is committed (`sqlite.py`), so `table.transform()` is safe in them.

Tables are written in SQL since sqlite-utils has no argument for CHECK and WITHOUT ROWID, and so that the comments
stay with the schema, where `sqlite-utils schema` and Datasette show them. Common to all: ids are text, times are
ISO 8601 in UTC, flags are 0 and 1, closed value sets are held by CHECK, units stand in the column names, and
everything an engagement owns goes with it (ON DELETE CASCADE).
"""

from assessment.store._sqlite_utils import Database, Migrations

MIGRATIONS = Migrations("salgsflyt")


@MIGRATIONS()
def m001_engagements_and_waves(db: Database) -> None:
    db.execute("""
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
        ) STRICT
    """)
    db.execute("""
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
        ) STRICT
    """)


@MIGRATIONS()
def m002_responses_and_answers(db: Database) -> None:
    # WITHOUT ROWID: rows lie in the order of a random id, so neither a row number nor the order of a plain SELECT
    # tells who answered first. For the same reason no person, address, link or time stands here (method §3.8.6).
    # The order the items were shown in is the pack's and is pinned by the wave.
    db.execute("""
        CREATE TABLE responses (
            id TEXT NOT NULL PRIMARY KEY,
            wave_id TEXT NOT NULL REFERENCES waves(id) ON DELETE CASCADE,
            role TEXT NOT NULL CHECK (role IN ('SL', 'S', 'OP', 'OD', 'TM', 'K')),
            team TEXT,
            "view" TEXT NOT NULL CHECK ("view" IN ('role', 'all')),
            -- hash of a code the respondent makes up to be matched with a later wave (method §8.3)
            own_code_hash TEXT
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX responses_by_wave ON responses (wave_id)")
    db.execute("""
        CREATE TABLE answers (
            response_id TEXT NOT NULL REFERENCES responses(id) ON DELETE CASCADE,
            item_id TEXT NOT NULL,
            -- text, since two of the values are words: DK don't know, NA not applicable; no row is unanswered
            answer TEXT NOT NULL CHECK (answer IN ('1', '2', '3', '4', '5', 'DK', 'NA')),
            na_reason TEXT CHECK (na_reason IS NULL OR answer = 'NA'),
            PRIMARY KEY (response_id, item_id)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE page_times (
            response_id TEXT NOT NULL REFERENCES responses(id) ON DELETE CASCADE,
            page TEXT NOT NULL,
            -- steps of 5, too coarse to recognise anybody's pace by
            seconds INTEGER NOT NULL CHECK (seconds >= 0 AND seconds % 5 = 0),
            PRIMARY KEY (response_id, page)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE evidence_grades (
            wave_id TEXT NOT NULL REFERENCES waves(id) ON DELETE CASCADE,
            item_id TEXT NOT NULL,
            -- the consultant's: E0 none, E1 told, E2 example seen, E3 data checked; a badge, never part of a score
            grade TEXT NOT NULL CHECK (grade IN ('E0', 'E1', 'E2', 'E3')),
            PRIMARY KEY (wave_id, item_id)
        ) STRICT, WITHOUT ROWID
    """)


@MIGRATIONS()
def m003_settings_readiness_and_mandate(db: Database) -> None:
    db.execute("""
        CREATE TABLE criterion_settings (
            engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
            criterion_id TEXT NOT NULL,
            weight INTEGER NOT NULL CHECK (weight BETWEEN 0 AND 3),
            target REAL NOT NULL CHECK (target BETWEEN 2 AND 5),
            set_after_results INTEGER NOT NULL CHECK (set_after_results IN (0, 1)),
            PRIMARY KEY (engagement_id, criterion_id)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE readiness_answers (
            engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
            item_id TEXT NOT NULL,
            answer TEXT NOT NULL CHECK (answer IN ('1', '2', '3', '4', '5', 'DK', 'NA')),
            evidence TEXT CHECK (evidence IN ('E0', 'E1', 'E2', 'E3')),
            PRIMARY KEY (engagement_id, item_id)
        ) STRICT, WITHOUT ROWID
    """)
    # Every version is kept: a change of scope is itself something the report tells. NULL is "not said", never "no".
    db.execute("""
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
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE mandate_departments (
            engagement_id TEXT NOT NULL,
            version INTEGER NOT NULL,
            position INTEGER NOT NULL,
            department TEXT NOT NULL,
            counterpart TEXT,
            PRIMARY KEY (engagement_id, version, position),
            UNIQUE (engagement_id, version, department),
            FOREIGN KEY (engagement_id, version) REFERENCES mandates(engagement_id, version) ON DELETE CASCADE
        ) STRICT
    """)


@MIGRATIONS()
def m004_kpis(db: Database) -> None:
    # code: K01-K17 of the catalogue, NULL for one of the organisation's own. Never a figure per seller (method §4.1).
    db.execute("""
        CREATE TABLE kpis (
            id TEXT NOT NULL PRIMARY KEY,
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
        ) STRICT
    """)
    db.execute("""
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
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE goals (
            id TEXT NOT NULL PRIMARY KEY,
            engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            -- a goal without these is a wish and is not saved as a goal (method §6.4)
            target_value REAL NOT NULL,
            baseline_value REAL NOT NULL,
            unit TEXT NOT NULL,
            due_on TEXT NOT NULL,
            owner TEXT NOT NULL,
            kpi_id TEXT REFERENCES kpis(id) ON DELETE SET NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX goals_by_engagement ON goals (engagement_id)")
    db.execute("CREATE INDEX goals_by_kpi ON goals (kpi_id)")


@MIGRATIONS()
def m005_processes_and_value_stream(db: Database) -> None:
    db.execute("""
        CREATE TABLE processes (
            id TEXT NOT NULL PRIMARY KEY,
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
            UNIQUE (engagement_id, code),
            CHECK (coalesce(code, name_nb, name_en) IS NOT NULL)
        ) STRICT
    """)
    # parent_stage_id: the steps within a stage, the second zoom level of the same chain.
    db.execute("""
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
            wip REAL CHECK (wip >= 0)
        ) STRICT
    """)
    db.execute("CREATE INDEX stages_by_engagement ON stages (engagement_id, position)")
    db.execute("CREATE INDEX stages_by_parent ON stages (parent_stage_id)")
    # Load is computed by pool, not by stage: the same sellers serve several stages (method §5.3).
    db.execute("""
        CREATE TABLE pools (
            id TEXT NOT NULL PRIMARY KEY,
            engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            fte REAL NOT NULL CHECK (fte >= 0),
            hours_month REAL NOT NULL CHECK (hours_month >= 0),
            flow_share REAL NOT NULL CHECK (flow_share BETWEEN 0 AND 1),
            UNIQUE (engagement_id, name)
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE stage_pools (
            stage_id TEXT NOT NULL REFERENCES stages(id) ON DELETE CASCADE,
            pool_id TEXT NOT NULL REFERENCES pools(id) ON DELETE CASCADE,
            process_time_h REAL NOT NULL CHECK (process_time_h >= 0),
            PRIMARY KEY (stage_id, pool_id)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX stage_pools_by_pool ON stage_pools (pool_id)")
    db.execute("""
        CREATE TABLE handoffs (
            from_stage_id TEXT NOT NULL REFERENCES stages(id) ON DELETE CASCADE,
            to_stage_id TEXT NOT NULL REFERENCES stages(id) ON DELETE CASCADE,
            crosses_department INTEGER CHECK (crosses_department IN (0, 1)),
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
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX handoffs_by_receiver ON handoffs (to_stage_id)")
    # One code a row: an hour is registered under one waste only (method §5.4).
    db.execute("""
        CREATE TABLE waste_rows (
            id TEXT NOT NULL PRIMARY KEY,
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
        ) STRICT
    """)
    db.execute("CREATE INDEX waste_rows_by_engagement ON waste_rows (engagement_id)")
    db.execute("CREATE INDEX waste_rows_by_stage ON waste_rows (stage_id)")


@MIGRATIONS()
def m006_payback_and_actions(db: Database) -> None:
    # A line without a benefit owner is shown but not summed, and B7 never is, for it overlaps B4 and B5 (method §7.1).
    db.execute("""
        CREATE TABLE payback_lines (
            engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
            line TEXT NOT NULL CHECK (line IN ('B1a', 'B1b', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7')),
            benefit_owner TEXT,
            kpi_id TEXT REFERENCES kpis(id) ON DELETE SET NULL,
            evidence TEXT CHECK (evidence IN ('E0', 'E1', 'E2', 'E3')),
            in_sum INTEGER NOT NULL CHECK (in_sum IN (0, 1)),
            -- realised needs a signal on the KPI and the owner's signature (method §4.3)
            realised_on TEXT,
            signed_by TEXT,
            PRIMARY KEY (engagement_id, line),
            CHECK (in_sum = 0 OR (line <> 'B7' AND benefit_owner IS NOT NULL)),
            CHECK (realised_on IS NULL OR signed_by IS NOT NULL)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX payback_lines_by_kpi ON payback_lines (kpi_id)")
    # By engagement and not by line: lines that share an input must vary together (method §7.2). low and high are by
    # benefit, so low may be the larger number.
    db.execute("""
        CREATE TABLE payback_inputs (
            engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
            input TEXT NOT NULL,
            low REAL NOT NULL,
            likely REAL NOT NULL,
            high REAL NOT NULL,
            unsure INTEGER NOT NULL DEFAULT 0 CHECK (unsure IN (0, 1)),
            source TEXT,
            quality TEXT CHECK (quality IN ('A', 'B', 'C')),
            PRIMARY KEY (engagement_id, input),
            CHECK (likely BETWEEN min(low, high) AND max(low, high))
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE actions (
            id TEXT NOT NULL PRIMARY KEY,
            engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('quick_win', 'action', 'parked')),
            title TEXT NOT NULL,
            strategy TEXT CHECK (strategy IN ('S0', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6')),
            status TEXT NOT NULL CHECK (status IN ('planned', 'doing', 'done', 'dropped')),
            figure REAL,
            unit TEXT,
            owner TEXT,
            due_on TEXT,
            effort_h REAL CHECK (effort_h >= 0),
            kpi_id TEXT REFERENCES kpis(id) ON DELETE SET NULL,
            process_id TEXT REFERENCES processes(id) ON DELETE SET NULL,
            role_consequences TEXT,
            training_need TEXT,
            created_at TEXT NOT NULL,
            -- a quick win without figure, owner, KPI and date is not one (method §8.1)
            CHECK (kind <> 'quick_win' OR (figure IS NOT NULL AND owner IS NOT NULL AND due_on IS NOT NULL))
        ) STRICT
    """)
    db.execute("CREATE INDEX actions_by_engagement ON actions (engagement_id)")
    db.execute("CREATE INDEX actions_by_kpi ON actions (kpi_id)")
    db.execute("CREATE INDEX actions_by_process ON actions (process_id)")


@MIGRATIONS()
def m007_people_and_history(db: Database) -> None:
    db.execute("""
        CREATE TABLE members (
            engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
            -- the signed-in person, as the identity provider names them
            subject TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('facilitator', 'viewer')),
            added_at TEXT NOT NULL,
            PRIMARY KEY (engagement_id, subject)
        ) STRICT
    """)
    # The invitation list lies apart from the answers: no response names a link and no link a response (method
    # §3.8.6). Tokens are derived from a secret outside the database; only their hash is here, to find them by.
    db.execute("""
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
        ) STRICT
    """)
    db.execute("CREATE INDEX links_by_engagement ON links (engagement_id)")
    db.execute("CREATE INDEX links_by_wave ON links (wave_id)")
    # Who changed what, when, from what to what. Respondents' answers never come here: a dated trail of them would
    # undo everything m002 does to keep them anonymous, so the database itself refuses.
    db.execute("""
        CREATE TABLE history (
            id INTEGER NOT NULL PRIMARY KEY,
            engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
            changed_at TEXT NOT NULL,
            -- a role or a signed-in name
            changed_by TEXT,
            table_name TEXT NOT NULL CHECK (table_name NOT IN ('responses', 'answers', 'page_times')),
            row_id TEXT,
            column_name TEXT,
            from_value TEXT,
            to_value TEXT
        ) STRICT
    """)
    db.execute("CREATE INDEX history_by_engagement ON history (engagement_id, changed_at)")


@MIGRATIONS()
def m008_shared_scores(db: Database) -> None:
    # What those who answered are shown of the whole group: a copy of what the result page says of a closed wave, put
    # here by whoever runs the engagement, because the respondents' pages never read anybody else's answers.
    db.execute("""
        CREATE TABLE shared_scores (
            wave_id TEXT NOT NULL REFERENCES waves(id) ON DELETE CASCADE,
            criterion_id TEXT NOT NULL,
            -- NULL where the anonymity rules hide it
            score REAL CHECK (score BETWEEN 1 AND 5),
            PRIMARY KEY (wave_id, criterion_id)
        ) STRICT, WITHOUT ROWID
    """)


@MIGRATIONS()
def m009_value_stream_unknowns(db: Database) -> None:
    # A chain is drawn before anybody knows its figures: NULL is "not known", as everywhere else. Pools have an order.
    db.execute("""
        CREATE TABLE pools_new (
            id TEXT NOT NULL PRIMARY KEY,
            engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
            position INTEGER NOT NULL DEFAULT 0,
            name TEXT NOT NULL,
            fte REAL CHECK (fte >= 0),
            hours_month REAL CHECK (hours_month >= 0),
            flow_share REAL CHECK (flow_share BETWEEN 0 AND 1),
            UNIQUE (engagement_id, name)
        ) STRICT
    """)
    db.execute("""
        INSERT INTO pools_new (id, engagement_id, name, fte, hours_month, flow_share)
        SELECT id, engagement_id, name, fte, hours_month, flow_share FROM pools
    """)
    db.execute("""
        CREATE TABLE stage_pools_new (
            stage_id TEXT NOT NULL REFERENCES stages(id) ON DELETE CASCADE,
            pool_id TEXT NOT NULL REFERENCES pools(id) ON DELETE CASCADE,
            process_time_h REAL CHECK (process_time_h >= 0),
            PRIMARY KEY (stage_id, pool_id)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("INSERT INTO stage_pools_new SELECT stage_id, pool_id, process_time_h FROM stage_pools")
    db.execute("DROP TABLE stage_pools")
    db.execute("DROP TABLE pools")
    db.execute("ALTER TABLE pools_new RENAME TO pools")
    db.execute("ALTER TABLE stage_pools_new RENAME TO stage_pools")
    db.execute("CREATE INDEX stage_pools_by_pool ON stage_pools (pool_id)")
    # told by the departments of its two stages; kept here as well it could say something else
    db.execute("ALTER TABLE handoffs DROP COLUMN crosses_department")


@MIGRATIONS()
def m010_process_classes_shown(db: Database) -> None:
    # Until a process's two classes have been shown, neither side has seen the other's; from then on they are fixed.
    db.execute("ALTER TABLE processes ADD COLUMN classes_shown_at TEXT")
    db.execute("ALTER TABLE processes ADD COLUMN class_decided_by TEXT")


@MIGRATIONS()
def m011_stage_reentry(db: Database) -> None:
    # of the cases that have left the stage, those that came back to it; told by an event log, or by people
    db.execute("ALTER TABLE stages ADD COLUMN reentry_share REAL CHECK (reentry_share BETWEEN 0 AND 1)")


@MIGRATIONS()
def m012_history(db: Database) -> None:
    # The history of m007 was never written to. Who changed what, when, from what to what: a change is one call of a
    # use case, with all rows it touched. Respondents' answers never come here: a dated trail of them would undo
    # everything m002 does to keep them anonymous, so the database itself refuses.
    db.execute("DROP TABLE history")
    db.execute("""
        CREATE TABLE changes (
            id INTEGER NOT NULL PRIMARY KEY,
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
        ) STRICT
    """)
    # an index ends with the id of its rows: newest first by itself
    db.execute("CREATE INDEX changes_by_engagement ON changes (engagement_id)")
    db.execute("CREATE INDEX changes_by_undone ON changes (undoes) WHERE undoes IS NOT NULL")
    # JSON: the key without the engagement; before and after are NULL for a row that was not there, else the columns
    # that changed, or all of them. One b-tree, since it is written with everything that is typed.
    db.execute("""
        CREATE TABLE changed_rows (
            change_id INTEGER NOT NULL REFERENCES changes(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            table_name TEXT NOT NULL CHECK (table_name NOT IN ('responses', 'answers', 'page_times')),
            row_key TEXT NOT NULL,
            before TEXT,
            after TEXT,
            PRIMARY KEY (change_id, position),
            CHECK (before IS NOT NULL OR after IS NOT NULL)
        ) STRICT, WITHOUT ROWID
    """)


@MIGRATIONS()
def m013_mandate_and_goals(db: Database) -> None:
    # No reference to processes: a version goes on saying what was in scope when somebody takes a process out.
    db.execute("""
        CREATE TABLE mandate_processes (
            engagement_id TEXT NOT NULL,
            version INTEGER NOT NULL,
            process_id TEXT NOT NULL,
            PRIMARY KEY (engagement_id, version, process_id),
            FOREIGN KEY (engagement_id, version) REFERENCES mandates(engagement_id, version) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID
    """)
    # Until now the form asked only for departments with a counterpart, so those listed have one, by whatever name.
    db.execute("""
        ALTER TABLE mandate_departments ADD COLUMN presumed INTEGER NOT NULL DEFAULT 0 CHECK (presumed IN (0, 1))
    """)
    db.execute("UPDATE mandate_departments SET presumed = 1 WHERE counterpart IS NULL")
    # A wish may be kept while it is made into a goal, but the database lets none pass for one (method §6.4).
    db.execute("""
        CREATE TABLE goals_new (
            id TEXT NOT NULL PRIMARY KEY,
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
        ) STRICT
    """)
    db.execute("""
        INSERT INTO goals_new
        SELECT id, engagement_id, 0, text, target_value, baseline_value, unit, due_on, owner, kpi_id FROM goals
    """)
    db.execute("DROP TABLE goals")
    db.execute("ALTER TABLE goals_new RENAME TO goals")
    db.execute("CREATE INDEX goals_by_engagement ON goals (engagement_id)")
    db.execute("CREATE INDEX goals_by_kpi ON goals (kpi_id)")
    # strategy: the one outside the mandate that the note is about; another conflict asks for other words.
    db.execute("""
        CREATE TABLE sponsor_notes (
            engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
            strategy TEXT NOT NULL CHECK (strategy IN ('S1', 'S2', 'S3', 'S4', 'S5', 'S6')),
            language TEXT NOT NULL CHECK (language IN ('nb', 'en')),
            section TEXT NOT NULL CHECK (section IN ('shows', 'excludes', 'possible', 'meanwhile', 'decide')),
            words TEXT NOT NULL,
            mandate_version INTEGER NOT NULL CHECK (mandate_version >= 0),
            PRIMARY KEY (engagement_id, strategy, language, section)
        ) STRICT, WITHOUT ROWID
    """)


@MIGRATIONS()
def m014_payback(db: Database) -> None:
    # A line is summed when it has an owner and is not B7; kept as well it could say something else.
    db.execute("""
        CREATE TABLE payback_lines_new (
            engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
            line TEXT NOT NULL CHECK (line IN ('B1a', 'B1b', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7')),
            owner TEXT,
            kpi_id TEXT REFERENCES kpis(id) ON DELETE SET NULL,
            evidence TEXT CHECK (evidence IN ('E0', 'E1', 'E2', 'E3')),
            -- realised needs a signal on the KPI and the owner's signature (method §4.3)
            realised_on TEXT,
            signed_by TEXT,
            PRIMARY KEY (engagement_id, line),
            CHECK (realised_on IS NULL OR signed_by IS NOT NULL)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        INSERT INTO payback_lines_new (engagement_id, line, owner, kpi_id, evidence, realised_on, signed_by)
        SELECT engagement_id, line, benefit_owner, kpi_id, evidence, realised_on, signed_by FROM payback_lines
    """)
    db.execute("DROP TABLE payback_lines")
    db.execute("ALTER TABLE payback_lines_new RENAME TO payback_lines")
    db.execute("CREATE INDEX payback_lines_by_kpi ON payback_lines (kpi_id)")
    # The three are typed one after the other, so each may be unknown, and they may stand in the wrong order meanwhile.
    db.execute("""
        CREATE TABLE payback_inputs_new (
            engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
            input TEXT NOT NULL,
            low REAL,
            likely REAL,
            high REAL,
            unsure INTEGER NOT NULL DEFAULT 0 CHECK (unsure IN (0, 1)),
            source TEXT,
            quality TEXT CHECK (quality IN ('A', 'B', 'C')),
            PRIMARY KEY (engagement_id, input)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("INSERT INTO payback_inputs_new SELECT * FROM payback_inputs")
    db.execute("DROP TABLE payback_inputs")
    db.execute("ALTER TABLE payback_inputs_new RENAME TO payback_inputs")
    db.execute("""
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
        ) STRICT, WITHOUT ROWID
    """)


@MIGRATIONS()
def m015_diagnosis(db: Database) -> None:
    # by wave: each measurement has a diagnosis of its own, and the older ones stay as they were decided
    db.execute("""
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
            CHECK (decided IS NOT 'rejected' OR reason IS NOT NULL)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX findings_by_engagement ON findings (engagement_id)")
    db.execute("""
        CREATE TABLE diagnosis_signatures (
            wave_id TEXT NOT NULL PRIMARY KEY REFERENCES waves(id) ON DELETE CASCADE,
            engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
            signed_by TEXT NOT NULL,
            signed_at TEXT NOT NULL,
            basis TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX diagnosis_signatures_by_engagement ON diagnosis_signatures (engagement_id)")


@MIGRATIONS()
def m016_plan(db: Database) -> None:
    # Nothing has written actions before. Parked is apart from what an action is, so that it is the same when moved in.
    db.execute("DROP TABLE actions")
    db.execute("""
        CREATE TABLE actions (
            id TEXT NOT NULL PRIMARY KEY,
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
        ) STRICT
    """)
    db.execute("CREATE INDEX actions_by_engagement ON actions (engagement_id, position)")
    db.execute("CREATE UNIQUE INDEX actions_by_source ON actions (engagement_id, source)")
    for column in ("kpi", "process", "stage", "to_stage"):
        db.execute(f"CREATE INDEX actions_by_{column} ON actions ({column}_id)")


@MIGRATIONS()
def m017_follow_up(db: Database) -> None:
    # what the owner of a line signed for; `realised_on` is the day of the signature (m014)
    db.execute("ALTER TABLE payback_lines ADD COLUMN realised_amount REAL CHECK (realised_amount >= 0)")
    db.execute("ALTER TABLE payback_lines ADD COLUMN realised_measured_on TEXT")
    db.execute("ALTER TABLE payback_lines ADD COLUMN realised_note TEXT")
    # A table of their own: an answer about another time must not be able to enter a score or a count of answers.
    db.execute("""
        CREATE TABLE retrospective_answers (
            response_id TEXT NOT NULL REFERENCES responses(id) ON DELETE CASCADE,
            item_id TEXT NOT NULL,
            answer TEXT NOT NULL CHECK (answer IN ('1', '2', '3', '4', '5', 'DK')),
            PRIMARY KEY (response_id, item_id)
        ) STRICT, WITHOUT ROWID
    """)


@MIGRATIONS()
def m018_decision(db: Database) -> None:
    # own weights of the strategy model, as shares; no rows: the model's own
    db.execute("""
        CREATE TABLE strategy_weights (
            engagement_id TEXT NOT NULL REFERENCES engagements(id) ON DELETE CASCADE,
            strategy TEXT NOT NULL CHECK (strategy IN ('S1', 'S2', 'S3', 'S4', 'S5', 'S6')),
            signal TEXT NOT NULL,
            weight REAL NOT NULL CHECK (weight BETWEEN 0 AND 1),
            PRIMARY KEY (engagement_id, strategy, signal)
        ) STRICT, WITHOUT ROWID
    """)
    # the highest number holds; what was chosen before stays
    db.execute("""
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
            CHECK (reason IS NOT NULL OR (strategy IS recommended AND outside = 0))
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX strategy_decisions_by_wave ON strategy_decisions (wave_id)")
    db.execute("""
        CREATE TABLE training_briefs (
            engagement_id TEXT NOT NULL PRIMARY KEY REFERENCES engagements(id) ON DELETE CASCADE,
            last_day TEXT,
            verdict TEXT,
            steps TEXT,
            obstacles TEXT,
            measures TEXT
        ) STRICT, WITHOUT ROWID
    """)


@MIGRATIONS()
def m019_branding(db: Database) -> None:
    db.execute("""
        CREATE TABLE branding (
            engagement_id TEXT NOT NULL PRIMARY KEY REFERENCES engagements(id) ON DELETE CASCADE,
            sender TEXT,
            colour TEXT,
            logo BLOB,
            template BLOB
        ) STRICT, WITHOUT ROWID
    """)


@MIGRATIONS()
def m020_workshop(db: Database) -> None:
    db.execute("""
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
        ) STRICT
    """)
    db.execute("CREATE UNIQUE INDEX rooms_open ON rooms (engagement_id) WHERE closed_at IS NULL")
    db.execute("CREATE INDEX rooms_by_engagement ON rooms (engagement_id)")
    db.execute("""
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
        ) STRICT
    """)
    db.execute("CREATE INDEX room_steps_by_room ON room_steps (room_id, position)")
    # questions, agreed and outcome are JSON; the outcome is what may be shown, decided when it was revealed
    db.execute("""
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
        ) STRICT, WITHOUT ROWID
    """)
    # the voter is the hash of a random key; no time, no name, and no order but that of the key (method §3.8.6)
    db.execute("""
        CREATE TABLE room_votes (
            step_id TEXT NOT NULL,
            round INTEGER NOT NULL,
            voter TEXT NOT NULL,
            question TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (step_id, round, voter, question),
            FOREIGN KEY (step_id, round) REFERENCES room_ballots (step_id, round) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE room_phones (
            room_id TEXT NOT NULL REFERENCES rooms(id) ON DELETE CASCADE,
            voter TEXT NOT NULL,
            PRIMARY KEY (room_id, voter)
        ) STRICT, WITHOUT ROWID
    """)


@MIGRATIONS()
def m021_privacy(db: Database) -> None:
    db.execute("""
        CREATE TABLE privacy (
            engagement_id TEXT NOT NULL PRIMARY KEY REFERENCES engagements(id) ON DELETE CASCADE,
            controller TEXT,
            contact TEXT,
            erase_on TEXT
        ) STRICT, WITHOUT ROWID
    """)


@MIGRATIONS()
def m022_retention(db: Database) -> None:
    # months after the last measurement in place of a day; and since when the owner can read that the end is near
    db.execute("""
        ALTER TABLE privacy ADD COLUMN retention_months INTEGER CHECK (
            retention_months IS NULL OR (retention_months BETWEEN 1 AND 120 AND erase_on IS NULL)
        )
    """)
    db.execute("ALTER TABLE privacy ADD COLUMN announced_on TEXT")


@MIGRATIONS()
def m023_audit_log(db: Database) -> None:
    # The engagement is no reference: that it was erased is told after it is gone. No CHECK on the kind: a table that
    # only grows is not to be rebuilt for a new one.
    db.execute("""
        CREATE TABLE audit_log (
            id INTEGER NOT NULL PRIMARY KEY,
            at TEXT NOT NULL,
            actor TEXT NOT NULL CHECK (actor IN ('local', 'key', 'oidc', 'link', 'command', 'system')),
            subject TEXT,
            kind TEXT NOT NULL,
            engagement_id TEXT,
            count INTEGER NOT NULL CHECK (count >= 0)
        ) STRICT
    """)
    db.execute("CREATE INDEX audit_log_by_engagement ON audit_log (engagement_id, id)")
    db.execute("CREATE INDEX audit_log_by_time ON audit_log (at)")
