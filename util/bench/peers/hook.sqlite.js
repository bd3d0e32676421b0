// The same job in Node with SQLite: an event is answered when it is on disk.
// What comes in one turn of the event loop shares a transaction, and a message
// is taken each second.  usage: hook.sqlite.js PORT WORKERS FILE

'use strict';

const cluster = require('cluster');
const Database = require('better-sqlite3');
const {listen} = require('./receive');

const port = Number(process.argv[2]);
const workers = Number(process.argv[3]);
const file = process.argv[4];

// ms that a worker waits for another one's commit
const PATIENCE = 5000;


function open() {
    const db = new Database(file, {timeout: PATIENCE});

    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');

    db.exec('CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY,'
        + ' created INTEGER NOT NULL, body TEXT NOT NULL)');

    return db;
}


function keeper(db) {
    const insert = db.prepare(
        'INSERT INTO message (created, body) VALUES (?, ?)');

    const store = db.transaction((batch) => {
        const now = Date.now();

        for (const {text} of batch) {
            insert.run(now, text);
        }
    });

    let waiting = [];

    function commit() {
        const batch = waiting;
        let failed;

        waiting = [];

        try {
            store.immediate(batch);

        } catch (e) {
            failed = e;
        }

        for (const {done} of batch) {
            done(failed);
        }
    }

    return (text, done) => {
        if (!waiting.length) {
            setImmediate(commit);
        }

        waiting.push({text, done});
    };
}


function deliver(db) {
    const take = db.prepare('DELETE FROM message'
        + ' WHERE id = (SELECT min(id) FROM message)');

    setInterval(() => take.run(), 1000);
}


if (cluster.isPrimary) {
    deliver(open());

    for (let i = 0; i < workers; i++) {
        cluster.fork();
    }

} else {
    listen(port, keeper(open()));
}
