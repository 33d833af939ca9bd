package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// longText is a text of the greatest length, of characters drawn from the
// first so many.
func longText(random *rand.Rand, different int32) string {
	text := make([]rune, protocol.MaxTextBytes/3)
	for i := range text {
		text[i] = 0x4E00 + random.Int32N(different)
	}
	return string(text)
}

// TestSearchInLongTexts looks for what stands at the very end of texts that
// are too long to be indexed in full.
func TestSearchInLongTexts(t *testing.T) {
	pad := func(with, end string) string {
		return strings.Repeat(with, (protocol.MaxTextBytes-len(end))/len(with)) + end
	}
	random := rand.New(rand.NewPCG(1, 2))
	texts := map[string]string{
		"run":     pad("下午三点开会，", "火锅店"),
		"words":   pad("all work and no play ", "Conversation 42"),
		"symbols": pad("好", "👍"),
		"no end":  pad("x", " zebra"),
		"dense":   pad(longText(random, 20_000)[:60_000], "쀍쀎 quagga"),
		"short":   "火锅 conversation 👍 zebra quagga",
	}
	s := open(t, database(t))
	names := make(map[string]string)
	batch := person(1)
	for name, words := range texts {
		names[words] = name
		batch.Messages = append(batch.Messages, text(1, chat.In, words))
	}
	commit(t, s, batch)
	searches := map[string][]string{
		"锅店":             {"run"},
		"店":              {"dense", "run"},
		"锅火":             nil,
		"开会 火锅":          {"run"},
		"火锅":             {"run", "short"},
		"conversation":   {"short", "words"},
		"conv 4":         {"words"},
		"work conversat": {"words"},
		"onversation":    nil,
		"👍":              {"short", "symbols"},
		"zeb":            {"no end", "short"},
		"쀍쀎":             {"dense"},
		"quagga":         {"dense", "short"},
		"quaggas":        nil,
	}
	for _, when := range []string{"not indexed", "indexed"} {
		for search, want := range searches {
			for _, contact := range []chat.ContactID{0, 1} {
				var got []string
				for _, found := range history(t, s, chat.HistoryQuery{Contact: contact, Search: search}) {
					got = append(got, names[found])
				}
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Errorf("%s: %q found with contact %d in %q, want %q", when, search, contact, got, want)
				}
			}
		}
		if err := s.Index(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestIndexSlice: what commits wait for is bounded by the size of the texts,
// not only by their number.
func TestIndexSlice(t *testing.T) {
	tests := []struct {
		name  string
		sizes []int
		ends  []int64 // Seq after each slice
	}{
		{"nothing", nil, []int64{0}},
		{"a few short ones", []int{10, 10, 10}, []int64{3}},
		{"together just not too much", []int{32 << 10, 32 << 10, 1}, []int64{2, 3}},
		{"together too much", []int{40 << 10, 40 << 10, 10, 10}, []int64{1, 4}},
		{"each the longest", []int{64 << 10, 64 << 10, 64 << 10}, []int64{1, 2, 3}},
		{"a longer one than possible", []int{10, 100 << 10, 10}, []int64{1, 2, 3}},
		{"very many", slices.Repeat([]int{3}, 1001), []int64{500, 1000, 1001}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, database(t))
			s.StopIndexer()
			batch := person(1)
			for _, size := range test.sizes {
				batch.Messages = append(batch.Messages, text(1, chat.In, strings.Repeat("a", size)))
			}
			commit(t, s, batch)
			for i, end := range test.ends {
				more, err := s.IndexSlice(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if indexed, err := s.Indexed(t.Context()); err != nil || indexed != end {
					t.Fatalf("slice %d ends at %d, %v; want %d", i+1, indexed, err, end)
				}
				if last := i == len(test.ends)-1; more == last {
					t.Errorf("after slice %d: more is %v", i+1, more)
				}
			}
		})
	}
}

// BenchmarkCommitWhileIndexing is how long one message waits while the
// longest texts are being indexed, the time of the longest wait beside.
func BenchmarkCommitWhileIndexing(b *testing.B) {
	for _, different := range []int32{1000, 20_000} {
		b.Run(fmt.Sprint(different, "characters"), func(b *testing.B) {
			s := open(b, database(b))
			random := rand.New(rand.NewPCG(1, 2))
			batch := person(1)
			for range 200 {
				batch.Messages = append(batch.Messages, text(1, chat.In, longText(random, different)))
			}
			commit(b, s, batch)
			var longest time.Duration
			ctx, stop := context.WithCancel(b.Context())
			indexing := make(chan struct{})
			go func() {
				defer close(indexing)
				_ = s.Index(ctx) // stopped when the benchmark ends
			}()
			for b.Loop() {
				began := time.Now()
				commit(b, s, chat.Batch{Messages: []chat.Message{text(1, chat.In, "一")}})
				longest = max(longest, time.Since(began))
			}
			b.ReportMetric(longest.Seconds()*1000, "longest-ms")
			stop()
			<-indexing
		})
	}
}

// BenchmarkSearchLong searches a conversation of the longest texts.
func BenchmarkSearchLong(b *testing.B) {
	const texts = 2000
	s := open(b, database(b))
	c := newCorpus(1)
	commit(b, s, c.people())
	for range texts / 50 {
		var batch chat.Batch
		for range 50 {
			var words strings.Builder
			for words.Len() < protocol.MaxTextBytes-200 {
				words.WriteString(c.sentence() + "，")
			}
			batch.Messages = append(batch.Messages, text(1, chat.In, words.String()))
		}
		commit(b, s, batch)
	}
	began := time.Now()
	if err := s.Index(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d texts indexed in %v", texts, time.Since(began))
	for name, search := range map[string]string{
		"Common":  character(0) + character(1),
		"Nowhere": character(characters-1) + character(characters-2) + character(characters-3),
		"Latin":   "zebra",
		"Unknown": "鿿",
	} {
		b.Run(name, func(b *testing.B) {
			found := 0
			for b.Loop() {
				list, err := s.History(b.Context(), chat.HistoryQuery{Search: search, Limit: 50})
				if err != nil {
					b.Fatal(err)
				}
				found = len(list)
			}
			b.ReportMetric(float64(found), "found")
		})
	}
}
