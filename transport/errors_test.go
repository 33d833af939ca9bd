package transport_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"feihong/transport"
)

// texts are the translations of one language.
func texts(t *testing.T, language string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "assets", "translations", language+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]string
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// checkUserText checks that an error can be shown in every language.
func checkUserText(t *testing.T, err error) {
	t.Helper()
	var shown userText
	if !errors.As(err, &shown) {
		t.Fatalf("%T has no text for users", err)
	}
	key, args := shown.UserText()
	for _, language := range []string{"en", "zh"} {
		text := texts(t, language)[key]
		for name, value := range args {
			text = strings.ReplaceAll(text, "{"+name+"}", fmt.Sprint(value))
		}
		if text == "" || strings.ContainsAny(text, "{}") {
			t.Errorf("%s: %s gives %q", language, key, text)
		}
	}
	if message := err.Error(); message == "" || strings.Contains(message, "%!") {
		t.Errorf("message %q", message)
	}
}

func TestEveryErrorCanBeShown(t *testing.T) {
	const where = "192.168.1.20:5000"
	odd := errors.New("odd")
	list := []error{
		&transport.ListenError{Port: 80, Err: syscall.EACCES},
		&transport.ListenError{Port: 5000, Err: syscall.EADDRINUSE},
		&transport.ListenError{Listen: "192.0.2.1", Err: syscall.EADDRNOTAVAIL},
		&transport.ListenError{Err: odd},
		&transport.UnreachableError{Address: where, Err: odd},
		&transport.UnreachableError{Address: where, Greeting: true, Err: odd},
		&transport.UnreachableError{Address: where, Err: syscall.ECONNREFUSED},
		&transport.UnreachableError{Address: where, Err: syscall.EHOSTUNREACH},
		&transport.UnreachableError{Address: where, Err: os.ErrDeadlineExceeded},
		&transport.UnreachableError{Address: where, Err: &net.DNSError{}},
		&transport.WrongPeerError{Address: where, GotName: "Bob"},
		&transport.WrongPeerError{Address: where},
		&transport.SelfError{Address: where},
		&transport.RefusedError{Address: where, Code: 12345},
		&transport.RefusedError{Address: where, Code: 1, Text: "text"},
		&transport.VersionError{Address: where, OurMin: 1, OurMax: 1},
		&transport.VersionError{Address: where, OurMin: 1, OurMax: 1, TheirMin: 2, TheirMax: 3},
		&transport.VersionError{Address: where, OurMin: 2, OurMax: 3, TheirMin: 1, TheirMax: 1},
	}
	for _, answer := range []transport.Answer{
		transport.AnswerHTTP, transport.AnswerSSH, transport.AnswerTLS,
		transport.AnswerSilence, transport.AnswerClosed, transport.AnswerOther,
	} {
		list = append(list, &transport.NotFeihongError{Address: where, Answer: answer, Err: odd})
	}
	for _, err := range list {
		t.Run(err.Error(), func(t *testing.T) { checkUserText(t, err) })
	}
}
