-- A store as schema 1 left it: three runs, a persona in two versions, a verdict, a query. Never to be changed.
PRAGMA application_id=1969517428;
BEGIN TRANSACTION;
CREATE TABLE bodies (
        hash TEXT PRIMARY KEY,
        body TEXT NOT NULL
    );
INSERT INTO "bodies" VALUES('c2dfa1efe8f0659d5038de11bc9d49fa35b1645d37ca860343e7e25000486da7','{"id":"ana","name":"Ana","version":1,"summary":"","segment":"","company":"Clinic","profile":"I have a sore knee.","sayings":[],"goal":null,"intents":{"primary":"Book a visit","side":[]},"traits":[],"emotion":"calm","frustration_threshold":3,"patience":3,"language":"en","register":"formal","dialect":"standard","fluency":"native","style":"plain","clarity":"clear","skill":"average","noise":{"typos":0.0,"caps":0.0,"fillers":0.0,"fragments":0.0,"misheard":0.0,"tangents":0.0,"interruptions":0.0},"knowledge":{"known":[],"unknown":[]},"triggers":[],"tags":[],"provenance":{"source":"written","note":"","reference":null}}');
INSERT INTO "bodies" VALUES('490c14fdea9a23793465b572c1e90eb8a7e6bf52f97a5aa224944962a409d508','{"id":"book","title":"Book","version":1,"field":"general","steps":[{"id":"visit","say":"I need a visit.","again":[],"kind":"action","answered_by":[],"needs":[]}],"side":[],"known":[{"name":"name","value":"Ana Ruiz","disclose":"if_asked","asked_as":[]}],"unknown":[],"complications":[],"detours":[],"settles_for":"resolution","tags":[],"provenance":{"source":"written","note":"","reference":null},"success":[{"id":"said","description":"Said it","check":{"check":"said","any_of":["booked"]}}],"expected":{"outcome":"done","escalation":"must_not","note":""}}');
INSERT INTO "bodies" VALUES('0b13f96a12b8fa521a7fb330222c772954b5d5ed57c86ecd3a186fc4aa112c19','{"id":"ben","name":"Ana","version":1,"summary":"","segment":"","company":"Clinic","profile":"I have a sore knee.","sayings":[],"goal":null,"intents":{"primary":"Book a visit","side":[]},"traits":[],"emotion":"calm","frustration_threshold":3,"patience":3,"language":"en","register":"formal","dialect":"standard","fluency":"native","style":"plain","clarity":"clear","skill":"average","noise":{"typos":0.0,"caps":0.0,"fillers":0.0,"fragments":0.0,"misheard":0.0,"tangents":0.0,"interruptions":0.0},"knowledge":{"known":[],"unknown":[]},"triggers":[],"tags":[],"provenance":{"source":"written","note":"","reference":null}}');
CREATE TABLE documents (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        hash TEXT NOT NULL,
        body TEXT NOT NULL,
        archived INTEGER NOT NULL DEFAULT 0,
        created_at REAL NOT NULL,
        PRIMARY KEY (kind, id, version)
    );
INSERT INTO "documents" VALUES('persona','ana',1,'33a8dfda058083e4','{"name":"Ana"}',0,1790000000.0);
INSERT INTO "documents" VALUES('persona','ana',2,'981cfd4a0a1eaedf','{"name":"Anna"}',0,1790000001.0);
CREATE TABLE events (
        run_id TEXT NOT NULL REFERENCES runs (id),
        seq INTEGER NOT NULL,
        fence INTEGER NOT NULL,
        at REAL NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (run_id, seq)
    );
INSERT INTO "events" VALUES('r1',0,1,1790000000.0,'{"event":"opened"}');
INSERT INTO "events" VALUES('r1',1,1,1790000000.0,'{"event":"player_moved","move":{"kind":"continue","message":"I need a visit","goal_updates":[],"disclosed":[],"note":""},"at":1.0}');
INSERT INTO "events" VALUES('r1',2,1,1790000000.0,'{"event":"target_replied","reply":{"text":"Monday at nine is booked","tool_calls":[{"name":"book","arguments":{"day":"Mon"},"result":null}],"state":{"visits":[1,null,2.5]},"session":"s-1","handed_off":false,"closed":false,"latency_ms":0.0,"attempts":[]},"at":2.0}');
INSERT INTO "events" VALUES('r2',0,1,1790000001.0,'{"event":"opened"}');
INSERT INTO "events" VALUES('r2',1,1,1790000001.0,'{"event":"player_moved","move":{"kind":"continue","message":"Please cancel my visit","goal_updates":[],"disclosed":[],"note":""},"at":1.0}');
INSERT INTO "events" VALUES('r2',2,1,1790000001.0,'{"event":"target_replied","reply":{"text":"Which visit?","tool_calls":[{"name":"book","arguments":{"day":"Mon"},"result":null}],"state":{"visits":[1,null,2.5]},"session":"s-1","handed_off":false,"closed":false,"latency_ms":0.0,"attempts":[]},"at":2.0}');
INSERT INTO "events" VALUES('r2',3,1,1790000001.0,'{"event":"player_moved","move":{"kind":"continue","message":"The one on Monday","goal_updates":[],"disclosed":[],"note":""},"at":1.0}');
CREATE TABLE queries (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        batch TEXT NOT NULL,
        review TEXT NOT NULL,
        body TEXT NOT NULL,
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL
    );
INSERT INTO "queries" VALUES(1,'q-1','b1','pending','{"id":"q-1","batch":"b1","topic":null,"user_type":"patient","user_background":"new","query":"Question 1?","method":"offline","persona":null,"language":"en","grounded_in":[],"seed":1,"review":"pending","reason":"","original":null}',1790000000.0,1790000000.0);
CREATE TABLE runs (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        persona_id TEXT NOT NULL,
        goal_id TEXT NOT NULL,
        target TEXT NOT NULL,
        status TEXT NOT NULL,
        ending TEXT,
        outcome TEXT,
        turns INTEGER NOT NULL DEFAULT 0,
        next_seq INTEGER NOT NULL DEFAULT 0,
        owner TEXT,
        lease_until REAL,
        fence INTEGER NOT NULL DEFAULT 0,
        cancel_requested INTEGER NOT NULL DEFAULT 0,
        idempotency_key TEXT UNIQUE,
        player_version TEXT NOT NULL DEFAULT '',
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL
    );
INSERT INTO "runs" VALUES(3753902080000000000,'r1','ana','book','clinic','finished','goal_reached','pass',0,3,NULL,NULL,1,0,'key-1','rules/1',1790000000.0,1790000001.0);
INSERT INTO "runs" VALUES(3753902082097152000,'r2','ana','book','clinic','running',NULL,NULL,0,4,'host:1:a',1790000016.0,1,0,NULL,'rules/1',1790000001.0,1790000001.0);
INSERT INTO "runs" VALUES(3753902084194304000,'r3','ben','book','clinic','queued',NULL,NULL,0,0,NULL,NULL,0,0,NULL,'rules/1',1790000002.0,1790000002.0);
CREATE TABLE scenarios (
        n INTEGER PRIMARY KEY,
        persona_hash TEXT NOT NULL REFERENCES bodies (hash),
        goal_hash TEXT NOT NULL REFERENCES bodies (hash),
        body TEXT NOT NULL
    );
INSERT INTO "scenarios" VALUES(3753902080000000000,'c2dfa1efe8f0659d5038de11bc9d49fa35b1645d37ca860343e7e25000486da7','490c14fdea9a23793465b572c1e90eb8a7e6bf52f97a5aa224944962a409d508','{"target":"clinic","player":"rules","seed":1,"opens":"user","limits":{"max_turns":16,"max_seconds":600.0},"script":[],"rubric":"service"}');
INSERT INTO "scenarios" VALUES(3753902082097152000,'c2dfa1efe8f0659d5038de11bc9d49fa35b1645d37ca860343e7e25000486da7','490c14fdea9a23793465b572c1e90eb8a7e6bf52f97a5aa224944962a409d508','{"target":"clinic","player":"rules","seed":1,"opens":"user","limits":{"max_turns":16,"max_seconds":600.0},"script":[],"rubric":"service"}');
INSERT INTO "scenarios" VALUES(3753902084194304000,'0b13f96a12b8fa521a7fb330222c772954b5d5ed57c86ecd3a186fc4aa112c19','490c14fdea9a23793465b572c1e90eb8a7e6bf52f97a5aa224944962a409d508','{"target":"clinic","player":"rules","seed":1,"opens":"user","limits":{"max_turns":16,"max_seconds":600.0},"script":[],"rubric":"service"}');
CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at REAL NOT NULL);
INSERT INTO "schema_version" VALUES(1,1790000000.0);
CREATE TABLE verdicts (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        run_id TEXT NOT NULL,
        outcome TEXT NOT NULL,
        at REAL NOT NULL,
        body TEXT NOT NULL
    );
INSERT INTO "verdicts" VALUES(1,'v1','r1','pass',1790000000.0,'{"id":"v1","run_id":"r1","rubric":"service","rubric_version":1,"rubric_hash":"00","outcome":"pass","reason":"Because.","results":[{"criterion":"said","outcome":"pass","reason":"Seen.","evidence":[{"turn":1,"quote":"Which day"}],"score":null,"gate":true,"required":false,"judge":"checks"}],"metrics":{"user_turns":1,"agent_turns":1,"steps_met":1,"steps_total":1,"side_met":1,"side_total":1,"ledger_complete":true,"state_complete":null,"turns_to_resolution":null,"escalation":"tn","trigger_turn":null,"handoff_turn":null,"latency_p50_ms":1.5,"latency_max_ms":2.0,"empty_replies":1,"failed_attempts":1,"frustration_peak":0,"guard_rejections":0},"judged":1,"judge":"checks","at":1790000000.0}');
CREATE INDEX runs_by_persona ON runs (persona_id);
CREATE INDEX runs_by_goal ON runs (goal_id);
CREATE INDEX runs_by_target ON runs (target);
CREATE INDEX runs_by_status ON runs (status);
CREATE INDEX runs_by_ending ON runs (ending);
CREATE INDEX runs_by_outcome ON runs (outcome);
CREATE TRIGGER events_never_change BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_never_go BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE INDEX verdicts_by_run ON verdicts (run_id);
CREATE INDEX queries_by_batch ON queries (batch, review);
CREATE INDEX queries_by_review ON queries (review);
COMMIT;
