package app_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"feihong/app"
	"feihong/app/chat"
)

// pair starts two profiles that know each other.
func pair(b *testing.B) (alice, bob *app.Running, toBob chat.ContactID) {
	b.Helper()
	data := b.TempDir()
	alice, bob = app.Run(b, data, "Alice"), app.Run(b, data, "Bob")
	contact, err := alice.Chat.Connect(b.Context(), bob.Address)
	if err != nil {
		b.Fatal(err)
	}
	return alice, bob, contact.ID
}

// BenchmarkDelivered measures texts per second from Send to the receipt that
// they are on the receiver's disk, with many on their way at a time.
func BenchmarkDelivered(b *testing.B) {
	for _, size := range []int{20, 1000} {
		b.Run(fmt.Sprintf("bytes=%d", size), func(b *testing.B) {
			alice, _, to := pair(b)
			delivered := make(chan int, 1)
			sub := alice.Chat.Subscribe()
			defer sub.Close()
			go count(sub, b.N, delivered)
			text := string(slices.Repeat([]byte("x"), size))
			b.ResetTimer()
			sendAll(b, alice.Chat, to, text)
			<-delivered
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
		})
	}
}

// count tells when n texts are delivered.
func count(sub *chat.Subscription, n int, done chan<- int) {
	for e := range sub.Events() {
		if changed, ok := e.(chat.MessageChanged); ok && changed.Message.State == chat.Delivered {
			if n--; n == 0 {
				done <- n
				return
			}
		}
	}
}

func sendAll(b *testing.B, service *chat.Service, to chat.ContactID, text string) {
	const writers = 512
	var tasks sync.WaitGroup
	next := make(chan struct{}, writers)
	for range writers {
		tasks.Go(func() {
			for range next {
				if _, err := service.Send(b.Context(), to, text); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for range b.N {
		next <- struct{}{}
	}
	close(next)
	tasks.Wait()
}

// BenchmarkLatency measures one text at a time, from Send to its receipt.
func BenchmarkLatency(b *testing.B) {
	alice, _, to := pair(b)
	var took []time.Duration
	b.ResetTimer()
	for range b.N {
		begin := time.Now()
		m, err := alice.Chat.Send(b.Context(), to, "一句普通的话 with some words")
		if err != nil {
			b.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
		if m, err = alice.Chat.Await(ctx, m); err != nil || m.State != chat.Delivered {
			b.Fatal(m.State, err)
		}
		cancel()
		took = append(took, time.Since(begin))
	}
	b.StopTimer()
	reportTimes(b, took)
}

// BenchmarkDisk measures what the others wait for: one small write that is
// forced to the disk. A delivered text waits for two, one on each side.
func BenchmarkDisk(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var took []time.Duration
	page := make([]byte, 4096)
	for range b.N {
		begin := time.Now()
		if _, err := f.Write(page); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(begin))
	}
	reportTimes(b, took)
}

func reportTimes(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs/p50")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs/p99")
}
