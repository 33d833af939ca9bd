// Package store keeps contacts, conversations and messages in an SQLite
// database. It implements chat.Store and is the only place with SQL.
//
// Invariants:
//
//   - Commit is one transaction: when it returns nil, the batch survives a
//     power cut (write-ahead log, synchronous=FULL); otherwise nothing of it
//     is kept and the store goes on working.
//   - There is one writer connection, and whoever writes waits for its turn.
//     Readers have their own connections and never wait for the writer.
//   - conversations has a row for each contact that has messages, with the
//     newest Seq of those that are listed, their number of unread ones, and a
//     Seq up to which none is unread. Its foreign key keeps messages of unknown
//     contacts out, at the cost of one check per conversation and batch instead
//     of one per message.
//   - Amendments are rows among the messages, because they travel as those do;
//     but what is listed, counted and searched leaves them out by the indexes.
//     What they make of their target is written to its row in the same
//     transaction.
//   - Text that is recalled or deleted is overwritten in the file, and soon
//     after in the write-ahead log. The full-text index no longer finds it; the
//     single words there go when their segment is next merged.
//   - The outbox is no table: it is the partial index of outgoing messages
//     that are queued or sent, so that a message can never be in one and
//     missing in the other.
//   - The full-text index follows behind the messages, up to the Seq in
//     search_progress. What is beyond is searched by reading it, so a search
//     is complete at any time. The index can always be built anew.
//   - A damaged database is set aside, never repaired in place, overwritten
//     or deleted; only damage leads to that, never a lack of rights or space.
package store
