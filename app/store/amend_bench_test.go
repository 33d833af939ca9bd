package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"feihong/app/chat"
)

// BenchmarkFilterMillion looks for the newest 50 of few messages among the
// many of the large database.
func BenchmarkFilterMillion(b *testing.B) {
	s := largeStore(b)
	if err := s.Index(b.Context()); err != nil {
		b.Fatal(err)
	}
	common := character(0) + character(1)
	newest, err := s.History(b.Context(), chat.HistoryQuery{Limit: 1})
	if err != nil {
		b.Fatal(err)
	}
	last, out := newest[0].Time, chat.Out
	queries := []struct {
		name string
		q    chat.HistoryQuery
	}{
		{"Files", chat.HistoryQuery{Kinds: []chat.Kind{chat.KindFiles}}},
		{"FilesAndNudges", chat.HistoryQuery{Kinds: []chat.Kind{chat.KindFiles, chat.KindNudge}}},
		{"Texts", chat.HistoryQuery{Kinds: []chat.Kind{chat.KindText}}},
		{"FilesCommon", chat.HistoryQuery{Kinds: []chat.Kind{chat.KindFiles}, Search: common}},
		{"NudgesCommon", chat.HistoryQuery{Kinds: []chat.Kind{chat.KindNudge}, Search: common}},
		{"OutCommon", chat.HistoryQuery{From: &out, Search: common}},
		{"LastDayMiddle", chat.HistoryQuery{Since: last.Add(-24 * time.Hour), Search: character(50) + character(60)}},
		{"LastHour", chat.HistoryQuery{Since: last.Add(-time.Hour)}},
		{"FirstDay", chat.HistoryQuery{Until: time.UnixMilli(1_700_000_000_000).Add(24 * time.Hour)}},
		{"FirstDayCommon", chat.HistoryQuery{Until: time.UnixMilli(1_700_000_000_000).Add(24 * time.Hour), Search: common}},
		{"FirstDayFilesCommon", chat.HistoryQuery{
			Until: time.UnixMilli(1_700_000_000_000).Add(24 * time.Hour), Search: common, Kinds: []chat.Kind{chat.KindFiles}}},
	}
	for _, contact := range []chat.ContactID{0, 1} {
		for _, query := range queries {
			b.Run(fmt.Sprintf("%s/contact%d", query.name, contact), func(b *testing.B) {
				q := query.q
				q.Contact, q.Limit = contact, 50
				found := 0
				for b.Loop() {
					list, err := s.History(context.Background(), q)
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

// BenchmarkAmendLarge is what one amendment costs of any message of the large
// database.
func BenchmarkAmendLarge(b *testing.B) {
	s := largeStore(b)
	if err := s.Index(b.Context()); err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	for _, kind := range []chat.Kind{chat.KindReaction, chat.KindEdit, chat.KindRecall} {
		b.Run(kind.String(), func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				before := chat.HistoryQuery{Before: 2 + random.Int64N(int64(benchmarkSize())), Limit: 1}
				found, err := s.History(context.Background(), before)
				if err != nil {
					b.Fatal(err)
				}
				m := found[0]
				a := text(m.Contact, m.Direction, character(7)+character(8))
				a.Kind, a.Target, a.Time = kind, m.Ref(), m.Time.Add(time.Hour)
				b.StartTimer()
				commit(b, s, chat.Batch{Messages: []chat.Message{a}})
			}
		})
	}
}

// BenchmarkExpire deletes the older half of 20,000 messages.
func BenchmarkExpire(b *testing.B) {
	const size = 20_000
	for range b.N {
		b.StopTimer()
		s := open(b, database(b))
		c := newCorpus(100)
		commit(b, s, c.people())
		for range size / 500 {
			commit(b, s, c.batch(500))
		}
		if err := s.Index(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		commit(b, s, chat.Batch{Expire: time.UnixMilli(1_700_000_000_000).Add(size / 2 * time.Second)})
	}
}
