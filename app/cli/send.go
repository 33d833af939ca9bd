package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"feihong/app/chat"
	"feihong/app/control"
	"feihong/protocol"
)

// deliveryPatience is how long send waits unless told otherwise.
const deliveryPatience = 10 * time.Second

func (c *commands) send() *cobra.Command {
	var timeout time.Duration
	var asJSON bool
	var answers string
	cmd := &cobra.Command{
		Use:   "send WHO TEXT…",
		Short: c.t("cli.send"),
		Long:  c.t("cli.send.long"),
		Args:  c.words(2, 0),
		RunE: func(cmd *cobra.Command, args []string) error {
			if timeout < 0 {
				return c.misuse("cli.misuse.timeout", map[string]any{"value": timeout})
			}
			if cmd.Flags().Changed("reply-to") {
				if err := c.checkMessageID(answers); err != nil {
					return err
				}
			}
			text, err := c.textOf(cmd.Context(), args[1:])
			if err != nil {
				return err
			}
			request := control.SendRequest{To: args[0], Text: text, ReplyTo: answers, Wait: timeout.String()}
			return c.host.Do(cmd.Context(), c.opts, func(ctx context.Context, client *control.Client) error {
				response, err := client.Send(ctx, request)
				switch {
				case cmd.Context().Err() != nil:
					return c.reportCancelled(request.To, response, err, asJSON)
				case err != nil:
					return err
				}
				return c.reportSent(response, asJSON)
			})
		},
	}
	cmd.Flags().DurationVar(&timeout, "timeout", deliveryPatience, c.text.Text("cli.send.timeout", map[string]any{"default": deliveryPatience}))
	cmd.Flags().StringVar(&answers, "reply-to", "", c.t("cli.send.reply-to"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("cli.flag.json"))
	return cmd
}

// textOf joins the words, or reads the text from the input for a single "-".
// The end of the last line is not part of the text.
func (c *commands) textOf(ctx context.Context, args []string) (string, error) {
	text := strings.Join(args, " ")
	if len(args) == 1 && args[0] == "-" {
		var err error
		if text, err = c.readInput(ctx); err != nil {
			return "", fmt.Errorf("read the text: %w", err)
		}
		text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	}
	// Checked here, before JSON would replace what is not UTF-8.
	if err := protocol.CheckText(text); err != nil {
		return "", usageError(err)
	}
	return text, nil
}

// readInput reads no more than tells that a text is too long. Somebody who
// types may give up in the middle: the read then ends with the process.
func (c *commands) readInput(ctx context.Context) (string, error) {
	type input struct {
		text []byte
		err  error
	}
	done := make(chan input, 1)
	go func() {
		text, err := io.ReadAll(io.LimitReader(c.In, protocol.MaxTextBytes+3))
		done <- input{text, err}
	}()
	select {
	case in := <-done:
		return string(in.text), in.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (c *commands) reportSent(r control.SendResponse, asJSON bool) error {
	for _, warning := range r.Warnings {
		c.complain(c.text.Error(warning))
	}
	if asJSON {
		if err := c.printJSON(map[string]string{"id": r.ID, "state": r.State}); err != nil {
			return err
		}
	}
	name := map[string]any{"name": r.To.Name}
	switch {
	case r.State == chat.Delivered.String(), r.State == chat.Read.String():
		if !asJSON {
			fmt.Fprintln(c.Out, c.text.Text("cli.sent.delivered", name))
		}
		return nil
	case r.State == chat.Failed.String():
		c.complain(c.text.Text("cli.sent.failed", map[string]any{"name": r.To.Name, "why": c.why(r)}))
		return &exitError{code: codeFor(r, exitRefused)}
	case r.Problem == nil: // nobody wanted to wait
		c.complain(c.text.Text("cli.sent.queued", name))
		return &exitError{code: exitStored}
	}
	c.complain(c.text.Text("cli.sent.stored", map[string]any{"name": r.To.Name, "why": c.why(r)}))
	return &exitError{code: codeFor(r, exitStored)}
}

// reportCancelled says what has become of a text for which the user did not want
// to wait any more.
func (c *commands) reportCancelled(to string, r control.SendResponse, err error, asJSON bool) error {
	var kept *control.KeptError
	var refusal *control.Error
	key := "cli.cancelled.unknown"
	switch {
	case errors.As(err, &refusal) && refusal.Code != control.CodeClosing:
		return err
	case err == nil && r.State != chat.Queued.String() && r.State != chat.Sent.String():
		return c.reportSent(r, asJSON)
	case err == nil, errors.As(err, &kept):
		key = "cli.cancelled.kept"
	}
	c.complain(c.text.Text(key, map[string]any{"to": to}))
	return &exitError{code: exitCancelled}
}

// why says why a text was not delivered.
func (c *commands) why(r control.SendResponse) string {
	if r.Problem != nil {
		return c.text.Error(r.Problem)
	}
	key := "protocol.code." + r.Reason
	if text := c.t(key); text != key {
		return text
	}
	return r.Reason
}

// codeFor is the exit code for what kept a text from being delivered.
func codeFor(r control.SendResponse, otherwise int) int {
	cause := control.Code(r.Reason)
	if r.Problem != nil {
		cause = r.Problem.Code
	}
	if code, ok := exitCodes[cause]; ok {
		return code
	}
	return otherwise
}
