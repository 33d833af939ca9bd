package protocol_test

import (
	"testing"

	"feihong/protocol"
)

func BenchmarkSignAnnouncement(b *testing.B) {
	a, sign := announcement(), signer(1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := protocol.SignAnnouncement(a, sign); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenAnnouncement(b *testing.B) {
	raw := mustSign(b, announcement())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := protocol.OpenAnnouncement(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPeekAnnouncement(b *testing.B) {
	raw := mustSign(b, announcement())
	b.ReportAllocs()
	for b.Loop() {
		if _, _, _, err := protocol.PeekAnnouncement(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeAnnounce(b *testing.B) {
	raw := mustEncodeDatagram(b, &protocol.Announce{Signed: mustSign(b, announcement()), Want: true})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := protocol.DecodeDatagram(raw); err != nil {
			b.Fatal(err)
		}
	}
}
