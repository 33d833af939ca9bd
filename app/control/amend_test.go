package control_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/app/control"
)

// look describes what has become of a message.
func look(m control.Message) string {
	words := []string{m.Direction, m.Kind, m.Text}
	if m.Edited != nil {
		words = append(words, "edited")
	}
	if m.Recalled {
		words = append(words, "recalled")
	}
	if m.Reactions != nil {
		words = append(words, "["+m.Reactions.Out+"|"+m.Reactions.In+"]")
	}
	if m.ReplyTo != "" {
		words = append(words, "answers")
	}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

func TestChangeMessage(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		bob := r.net.comes("Bob")
		r.receive(bob, "hi")
		history, err := r.client.History(t.Context(), "Bob", "", 0)
		if err != nil || len(history) != 1 {
			t.Fatalf("%+v, %v", history, err)
		}
		theirs := history[0]
		sent, err := r.client.Send(t.Context(), control.SendRequest{To: "Bob", Text: "hello", ReplyTo: theirs.ID, Wait: "1m"})
		if err != nil || sent.State != "delivered" {
			t.Fatalf("%+v, %v", sent, err)
		}
		history, err = r.client.History(t.Context(), "Bob", "", 0)
		if err != nil || len(history) != 2 || theirs.Delivered != nil || history[1].Sent == nil || history[1].Delivered == nil || history[1].Read != nil {
			t.Errorf("when the messages were sent, delivered and read: %+v, %v", history, err)
		}
		l := r.listen(t)
		changes := []struct {
			id     string
			change control.MessageChange
			want   string
			from   string
		}{
			{sent.ID, control.MessageChange{Text: pointer("hello!")}, "out text hello! edited answers", "Me"},
			{theirs.ID, control.MessageChange{Reaction: pointer("👍")}, "in text hi [👍|]", "Bob"},
			{theirs.ID, control.MessageChange{Reaction: pointer("")}, "in text hi", "Bob"},
			{sent.ID, control.MessageChange{Recalled: true}, "out text recalled", "Me"},
		}
		for _, c := range changes {
			m, err := r.client.ChangeMessage(t.Context(), c.id, c.change)
			if err != nil || look(m) != c.want || m.ID != c.id || m.From.Name != c.from {
				t.Errorf("gives %q of %s, %v; want %q of %s", look(m), m.From.Name, err, c.want, c.from)
			}
			e := l.next()
			shown := control.Message{Direction: e.Direction, Kind: e.Kind, Text: e.Text, Edited: e.Edited, Recalled: e.Recalled, Reactions: e.Reactions, ReplyTo: e.ReplyTo}
			if e.Event != "changed" || e.ID != c.id || look(shown) != c.want || e.Conversation != peerOf("Bob").String() || e.State == "" {
				t.Errorf("the event is %+v, want %q", e, c.want)
			}
		}
		nudge, err := r.client.Nudge(t.Context(), "Bob")
		if err != nil || nudge.To.Name != "Bob" {
			t.Errorf("%+v, %v", nudge, err)
		}
		if _, err := r.client.Nudge(t.Context(), "Bob"); refusal(t, err).Code != control.CodeBadState {
			t.Errorf("a second nudge: %v", err)
		}
		history, err = r.client.History(t.Context(), "Bob", "", 0)
		if err != nil || len(history) != 3 || look(history[1]) != "out text recalled" || look(history[2]) != "out nudge" {
			t.Errorf("the history is %+v, %v", history, err)
		}
	})
}

func TestChangesThatAreRefused(t *testing.T) {
	r := start(t, true)
	bob := r.net.comes("Bob")
	r.receive(bob, "hi")
	history, err := r.client.History(t.Context(), "Bob", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	theirs := "/v1/messages/" + history[0].ID
	for _, test := range []struct {
		name, method, path, body string
		status                   int
		code                     control.Code
	}{
		{"nothing", "PUT", theirs, `{}`, 400, control.CodeBadRequest},
		{"two things", "PUT", theirs, `{"recalled":true,"reaction":"👍"}`, 400, control.CodeBadRequest},
		{"something unknown", "PUT", theirs, `{"state":"read"}`, 400, control.CodeBadRequest},
		{"no ID", "PUT", "/v1/messages/hello", `{"recalled":true}`, 400, control.CodeBadRequest},
		{"a part of an ID", "PUT", theirs[:len(theirs)-1], `{"recalled":true}`, 400, control.CodeBadRequest},
		{"an ID in braces", "PUT", "/v1/messages/%7B" + history[0].ID + "%7D", `{"recalled":true}`, 400, control.CodeBadRequest},
		{"nobody's", "PUT", "/v1/messages/" + uuid.NewString(), `{"recalled":true}`, 404, control.CodeUnknown},
		{"somebody else's", "PUT", theirs, `{"recalled":true}`, 409, control.CodeBadState},
		{"no emoji", "PUT", theirs, `{"reaction":"ha"}`, 400, control.CodeBadText},
		{"deletion", "DELETE", theirs, ``, 405, control.CodeNoMethod},
		{"answer to nothing", "POST", "/v1/messages", `{"to":"Bob","text":"x","reply_to":"` + uuid.NewString() + `"}`, 404, control.CodeUnknown},
		{"answer to no ID", "POST", "/v1/messages", `{"to":"Bob","text":"x","reply_to":"x"}`, 400, control.CodeBadRequest},
		{"answer in another conversation", "POST", "/v1/messages", `{"to":"Ann","text":"x","reply_to":"` + history[0].ID + `"}`, 404, control.CodeUnknown},
		{"nudge of nobody", "POST", "/v1/nudge", `{"to":"Nobody"}`, 404, control.CodeUnknown},
		{"nudge of a blocked one", "POST", "/v1/nudge", `{"to":"Eve"}`, 403, control.CodeBlocked},
	} {
		t.Run(test.name, func(t *testing.T) {
			r.request(test.method, test.path, test.body).refused(t, test.status, test.code)
		})
	}
	if answer := r.request(http.MethodPut, theirs, `{"reaction":"👍"}`); answer.status != 200 {
		t.Errorf("after all that: %d %s", answer.status, answer.body)
	}
}

// TestOldProgramIsToldOf: what the other program is known not to understand is
// refused at once.
func TestOldProgramIsToldOf(t *testing.T) {
	r := start(t, true)
	mute := &session{network: r.net, answer: answer{name: "Bob", mute: true}}
	r.Up(mute)
	if _, err := r.client.Nudge(t.Context(), "Bob"); refusal(t, err).Code != control.CodeBadState {
		t.Errorf("nudge: %v", err)
	}
	history, err := r.History(t.Context(), chat.HistoryQuery{})
	if err != nil || len(history) > 0 {
		t.Errorf("%+v, %v", history, err)
	}
}
