package sound

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"
)

// Name is one of the sounds.
type Name string

// The sounds. The names are those of files, too.
const (
	Message Name = "message" // two rising tones, soft
	Nudge   Name = "nudge"   // a knock, twice
	Done    Name = "done"    // three rising tones
)

// Names are all sounds.
var Names = []Name{Message, Nudge, Done}

// tone is one struck tone.
type tone struct {
	begin time.Duration
	pitch float64 // in Hertz
	loud  float64 // 0 to 1
	fade  time.Duration
}

var scores = map[Name][]tone{
	Message: {
		{0, 783.99, 0.30, 90 * time.Millisecond},
		{90 * time.Millisecond, 1174.66, 0.26, 140 * time.Millisecond},
	},
	Nudge: {
		{0, 220.00, 0.55, 45 * time.Millisecond},
		{130 * time.Millisecond, 246.94, 0.55, 45 * time.Millisecond},
	},
	Done: {
		{0, 523.25, 0.26, 80 * time.Millisecond},
		{80 * time.Millisecond, 659.26, 0.26, 80 * time.Millisecond},
		{160 * time.Millisecond, 783.99, 0.28, 180 * time.Millisecond},
	},
}

const (
	sampleRate = 22_050
	tail       = 4 // how many times its fade a tone is heard
	attack     = 4 * time.Millisecond
)

// WAV returns a sound as a file: 16 bits, one channel.
func WAV(name Name) []byte {
	samples := render(scores[name])
	size := 2 * len(samples)
	var b bytes.Buffer
	b.Grow(44 + size)
	b.WriteString("RIFF")
	put(&b, uint32(36+size))
	b.WriteString("WAVEfmt ")
	put(&b, uint32(16), uint16(1), uint16(1), uint32(sampleRate), uint32(2*sampleRate), uint16(2), uint16(16))
	b.WriteString("data")
	put(&b, uint32(size), samples)
	return b.Bytes()
}

func put(b *bytes.Buffer, values ...any) {
	for _, v := range values {
		_ = binary.Write(b, binary.LittleEndian, v) // never fails
	}
}

func render(score []tone) []int16 {
	var length time.Duration
	for _, t := range score {
		length = max(length, t.begin+tail*t.fade)
	}
	sum := make([]float64, int(length.Seconds()*sampleRate))
	for _, t := range score {
		t.strike(sum)
	}
	samples := make([]int16, len(sum))
	for i, v := range sum {
		samples[i] = int16(math.Round(math.Max(-1, math.Min(1, v)) * 32000))
	}
	return samples
}

// strike adds the tone: the overtones fade faster than the tone itself, and it
// swells for a moment, so that nothing clicks.
func (t tone) strike(sum []float64) {
	first := int(t.begin.Seconds() * sampleRate)
	for i := first; i < len(sum); i++ {
		at := float64(i-first) / sampleRate
		gone := at / t.fade.Seconds()
		swell := math.Min(1, at/attack.Seconds()) * math.Max(0, 1-gone/tail)
		wave := 0.0
		for n, share := range []float64{1, 0.35, 0.12} {
			overtone := float64(n + 1)
			wave += share * math.Exp(-gone*overtone) * math.Sin(2*math.Pi*t.pitch*overtone*at)
		}
		sum[i] += t.loud * swell * wave
	}
}
