package app_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"feihong/app"
	"feihong/app/chat"
	"feihong/app/control"
	"feihong/app/picture"
	"feihong/protocol"
)

// photo is a picture that is larger than any preview.
func photo(t *testing.T) []byte {
	t.Helper()
	p := image.NewRGBA(image.Rect(0, 0, 800, 500))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range p.Pix {
		p.Pix[i] = byte(random.Uint32())
	}
	p.Set(0, 0, color.White)
	var out bytes.Buffer
	if err := png.Encode(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPreviewOfAnOffer(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := photo(t)
	huge := bytes.Clone(good)
	copy(huge[16:24], []byte{0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff})
	a, folder := file("a.png", good), filepath.Join(dir, "folder.png")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	tests := map[string]struct {
		ctx   context.Context
		paths []string
		want  bool
	}{
		"a picture":                  {t.Context(), []string{a}, true},
		"with large letters":         {t.Context(), []string{file("A2.PNG", good)}, true},
		"two":                        {t.Context(), []string{a, a}, false},
		"not called one":             {t.Context(), []string{file("a.txt", good)}, false},
		"called one":                 {t.Context(), []string{file("text.png", []byte("text"))}, false},
		"cut off":                    {t.Context(), []string{file("half.png", good[:len(good)/2])}, false},
		"more pixels than there are": {t.Context(), []string{file("huge.png", huge)}, false},
		"a folder":                   {t.Context(), []string{folder}, false},
		"not there":                  {t.Context(), []string{filepath.Join(dir, "none.png")}, false},
		"nobody waits any more":      {ended, []string{a}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			preview := app.PreviewOfOffer(tt.ctx, tt.paths)
			if (preview != nil) != tt.want || len(preview) > protocol.MaxPreviewBytes {
				t.Fatalf("%d bytes", len(preview))
			}
			if !tt.want {
				return
			}
			if info, err := picture.Inspect(preview); err != nil || info.Width > 320 || info.Height > 200 {
				t.Errorf("%+v, %v", info, err)
			}
		})
	}
}

// TestOfferByCommandHasAPreview goes all the way from the command's side.
func TestOfferByCommandHasAPreview(t *testing.T) {
	me := app.Run(t, t.TempDir(), "Me")
	path := filepath.Join(t.TempDir(), "a.png")
	if err := os.WriteFile(path, photo(t), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := me.Client.Offer(ctx, control.OfferRequest{To: "127.0.0.1:1", Paths: []string{path}}); err != nil {
		t.Fatal(err)
	}
	all, err := me.Chat.Transfers(ctx, chat.TransferQuery{})
	if err != nil || len(all) != 1 || len(all[0].Preview) == 0 {
		t.Errorf("%+v, %v", all, err)
	}
}
