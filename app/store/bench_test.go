package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"feihong/app/chat"
	"feihong/app/store"
)

// sizeVariable is how many messages the large benchmarks begin with.
const sizeVariable = "FEIHONG_BENCH_MESSAGES"

func benchmarkSize() int {
	if n, err := strconv.Atoi(os.Getenv(sizeVariable)); err == nil && n > 0 {
		return n
	}
	return 100_000
}

// characters is how many different Han characters the corpus has. Like in
// real text, a few make up most of it.
const characters = 2000

// character returns the Han character of a rank, 0 being the most frequent.
func character(rank int) string { return string(rune(0x4E00 + rank)) }

// corpus makes messages with contacts people, a third of them with the first.
type corpus struct {
	random   *rand.Rand
	zipf     *rand.Zipf
	contacts int
	made     int
}

func newCorpus(contacts int) *corpus {
	random := rand.New(rand.NewPCG(1, 2))
	return &corpus{random: random, zipf: rand.NewZipf(random, 1.3, 20, characters-1), contacts: contacts}
}

func (c *corpus) sentence() string {
	var b strings.Builder
	for range 6 + c.random.IntN(20) {
		b.WriteString(character(int(c.zipf.Uint64())))
	}
	if c.random.IntN(5) == 0 {
		fmt.Fprintf(&b, " project%d ok", c.random.IntN(1000))
	}
	return b.String()
}

func (c *corpus) message() chat.Message {
	c.made++
	contact := chat.ContactID(1)
	if c.random.IntN(3) > 0 {
		contact = chat.ContactID(1 + c.random.IntN(c.contacts))
	}
	m := text(contact, chat.Direction(c.made%2), c.sentence())
	m.Time = m.Time.Add(time.Duration(c.made) * time.Second)
	if c.made%200 == 0 {
		m.Kind, m.Names = chat.KindFiles, c.sentence()
	}
	if m.Direction == chat.Out { // an old message is no longer in the outbox
		m.State = chat.Delivered
	} else if c.made%50 != 0 {
		m.State = chat.Read
	}
	return m
}

func (c *corpus) people() (batch chat.Batch) {
	for id := 1; id <= c.contacts; id++ {
		batch.Contacts = append(batch.Contacts, chat.Contact{ID: chat.ContactID(id), Name: fmt.Sprint(id)})
	}
	return batch
}

func (c *corpus) batch(n int) (batch chat.Batch) {
	for range n {
		batch.Messages = append(batch.Messages, c.message())
	}
	return batch
}

// large is a database made once and shared by the benchmarks that read.
var large struct {
	once sync.Once
	s    *store.Store
	dir  string
}

func largeStore(b *testing.B) *store.Store {
	b.Helper()
	large.once.Do(func() {
		var err error
		if large.dir, err = os.MkdirTemp("", "feihong-bench"); err != nil {
			b.Fatal(err)
		}
		if large.s, _, err = store.Open(filepath.Join(large.dir, "feihong.db")); err != nil {
			b.Fatal(err)
		}
		c, size := newCorpus(1000), benchmarkSize()
		commit(b, large.s, c.people())
		began := time.Now()
		for range size / 500 {
			commit(b, large.s, c.batch(500))
		}
		filled := time.Now()
		if err := large.s.Index(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.Logf("%d messages: committed in %v (texts included), indexed in %v", size, filled.Sub(began), time.Since(filled))
	})
	return large.s
}

func closeLarge() {
	if large.s != nil {
		large.s.Close()
		os.RemoveAll(large.dir)
	}
}

// BenchmarkCommit inserts new messages in batches of 500. rows/s is what
// counts.
func BenchmarkCommit(b *testing.B) {
	for _, contacts := range []int{1, 100} {
		b.Run(fmt.Sprint(contacts, "contacts"), func(b *testing.B) {
			s := open(b, database(b))
			c := newCorpus(contacts)
			commit(b, s, c.people())
			benchmarkCommits(b, s, c)
		})
	}
}

// BenchmarkCommitLarge does the same to the large database.
func BenchmarkCommitLarge(b *testing.B) {
	s := largeStore(b)
	benchmarkCommits(b, s, newCorpus(1000))
}

func benchmarkCommits(b *testing.B, s *store.Store, c *corpus) {
	var spent time.Duration // without making the texts
	for range b.N {
		batch := c.batch(500)
		for i := range batch.Messages {
			m := &batch.Messages[i]
			m.State = chat.Queued + 2*chat.State(1-m.Direction)
		}
		began := time.Now()
		if _, err := s.Commit(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
		spent += time.Since(began)
	}
	b.ReportMetric(500*float64(b.N)/spent.Seconds(), "rows/s")
}

// BenchmarkCommitOne is what one message costs that is sent alone.
func BenchmarkCommitOne(b *testing.B) {
	s := open(b, database(b))
	c := newCorpus(10)
	commit(b, s, c.people())
	for b.Loop() {
		if _, err := s.Commit(context.Background(), c.batch(1)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRawInsert is what the driver does in a transaction of 500 rows with
// the same table and indexes: one prepared statement per row, and 50 rows per
// statement.
func BenchmarkRawInsert(b *testing.B) {
	for _, rows := range []int{1, 50} {
		b.Run(fmt.Sprint(rows, "rows"), func(b *testing.B) {
			path := database(b)
			if err := open(b, path).Close(); err != nil {
				b.Fatal(err)
			}
			db, err := sql.Open("sqlite", path+"?_pragma=synchronous(FULL)&_pragma=cache_size(-8192)")
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			db.SetMaxOpenConns(1)
			insert, err := db.Prepare("INSERT INTO messages (contact, direction, id, state, kind, time, text) VALUES " +
				strings.Repeat("(?, ?, ?, ?, ?, ?, ?), ", rows-1) + "(?, ?, ?, ?, ?, ?, ?)")
			if err != nil {
				b.Fatal(err)
			}
			rawInserts(b, db, insert, rows)
		})
	}
}

func rawInserts(b *testing.B, db *sql.DB, insert *sql.Stmt, rows int) {
	c := newCorpus(100)
	var spent time.Duration
	for range b.N {
		chunks := rawRows(c, rows)
		began := time.Now()
		tx, err := db.Begin()
		if err != nil {
			b.Fatal(err)
		}
		statement := tx.Stmt(insert)
		for _, chunk := range chunks {
			if _, err := statement.Exec(chunk...); err != nil {
				b.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
		spent += time.Since(began)
	}
	b.ReportMetric(500*float64(b.N)/spent.Seconds(), "rows/s")
}

// rawRows makes the arguments of 500 rows for statements of some rows each.
func rawRows(c *corpus, rows int) (chunks [][]any) {
	for range 500 / rows {
		var chunk []any
		for range rows {
			m := c.message()
			chunk = append(chunk, int64(m.Contact), int64(m.Direction), m.ID[:], int64(1+2*(1-m.Direction)),
				int64(m.Kind), m.Time.UnixMilli(), m.Text)
		}
		chunks = append(chunks, chunk)
	}
	return chunks
}

func BenchmarkOverview(b *testing.B) {
	s := largeStore(b)
	for b.Loop() {
		if _, err := s.Overview(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHistoryPage(b *testing.B) {
	s := largeStore(b)
	for b.Loop() {
		if _, err := s.History(context.Background(), chat.HistoryQuery{Contact: 2, Limit: 100}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSearchMillion looks for the newest 50 matches in the large database,
// which has a million messages if the environment says so.
func BenchmarkSearchMillion(b *testing.B) {
	s := largeStore(b)
	if err := s.Index(b.Context()); err != nil {
		b.Fatal(err)
	}
	searches := []struct{ name, text string }{
		{"OneCommon", character(0)},
		{"OneRare", character(characters - 1)},
		{"TwoCommon", character(0) + character(1)},
		{"TwoMiddle", character(50) + character(60)},
		{"TwoRare", character(1500) + character(1600)},
		{"ThreeCommon", character(0) + character(1) + character(2)},
		{"FourCommon", character(0) + character(1) + character(2) + character(3)},
		{"TwoWords", character(0) + character(1) + " " + character(5) + character(6)},
		{"LatinShort", "ok"},
		{"LatinPrefix", "proj"},
		{"LatinWord", "project77"}, // longer than what is indexed of the beginning of words
		{"Emoji", "👍"},
	}
	for _, contact := range []chat.ContactID{0, 1, 2} {
		for _, search := range searches {
			b.Run(fmt.Sprintf("%s/contact%d", search.name, contact), func(b *testing.B) {
				found := 0
				for b.Loop() {
					list, err := s.History(context.Background(), chat.HistoryQuery{Contact: contact, Search: search.text, Limit: 50})
					if err != nil {
						b.Fatal(err)
					}
					found = len(list)
				}
				b.ReportMetric(float64(found), "found")
			})
		}
	}
}
