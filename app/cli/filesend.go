package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"feihong/app/chat"
	"feihong/app/control"
	"feihong/protocol"
)

func (c *commands) filesSend() *cobra.Command {
	var wait waitFlag
	var text string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "send WHO PATH…",
		Short: c.t("cli.files.send"),
		Long:  c.t("cli.files.send.long"),
		Args:  c.words(2, 0),
		RunE: func(cmd *cobra.Command, args []string) error {
			paths, err := c.sources(args[1:], wait)
			if err != nil {
				return err
			}
			if text != "" {
				if err := protocol.CheckText(text); err != nil {
					return usageError(err)
				}
			}
			request := control.OfferRequest{To: args[0], Paths: paths, Text: text}
			return c.host.Do(cmd.Context(), c.opts, func(ctx context.Context, client *control.Client) error {
				return c.offer(ctx, client, request, wait, asJSON)
			})
		},
	}
	cmd.Flags().StringVar(&text, "text", "", c.t("cli.files.send.text"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("cli.flag.json"))
	c.waits(cmd, &wait)
	return cmd
}

// offer offers files. A profile that ends with this command waits until they
// are there.
func (c *commands) offer(ctx context.Context, client *control.Client, request control.OfferRequest, wait waitFlag, asJSON bool) error {
	f, err := c.follower(ctx, client, asJSON)
	if err != nil {
		return err
	}
	response, err := client.Offer(ctx, request)
	var refusal *control.Error
	switch refused := errors.As(err, &refusal); {
	case err != nil && ctx.Err() != nil && (!refused || refusal.Code == control.CodeClosing):
		c.complain(c.t("cli.files.cancelled-unknown"))
		return &exitError{code: exitCancelled}
	case err != nil:
		return err
	}
	for _, warning := range response.Warnings {
		c.complain(c.text.Error(warning))
	}
	if response.Skipped > 0 {
		c.complain(c.text.Text("cli.files.skipped", map[string]any{"count": response.Skipped}))
	}
	if f.alone || wait.given {
		return f.follow(ctx, client, response.Transfer, wait)
	}
	if asJSON {
		return c.printJSON(response.Transfer)
	}
	_, err = fmt.Fprintln(c.Out, c.text.Text("cli.files.offered", c.transferArgs(response.Transfer)))
	return err
}

func (c *commands) transferArgs(t control.Transfer) map[string]any {
	return map[string]any{
		"name": t.Name, "names": c.namesOf(t), "size": formatSize(t.Size), "id": shortTransferID(t.ID),
		"path": t.Path, "state": c.transferState(t), "what": c.because(c.namesOf(t), c.transferWhy(t)),
	}
}

// follower waits for the end of one transfer.
type follower struct {
	*commands
	asJSON bool
	alone  bool // the profile ends with this command
}

func (c *commands) follower(ctx context.Context, client *control.Client, asJSON bool) (*follower, error) {
	alone, err := runsAlone(ctx, client)
	return &follower{commands: c, asJSON: asJSON, alone: alone}, err
}

// errHopeless ends a wait that would be in vain.
var errHopeless = errors.New("it is no use to wait")

// follow shows how a transfer goes on, and says how it ended.
func (f *follower) follow(command context.Context, client *control.Client, t control.Transfer, wait waitFlag) error {
	ctx, cancel := command, context.CancelFunc(func() {})
	if wait.limit > 0 {
		ctx, cancel = context.WithTimeout(command, wait.limit)
	}
	defer cancel()
	line := &progressLine{commands: f.commands}
	fresh := f.alone // what a running profile says first of a person may be old
	err := client.Follow(ctx, t.ID, func(now control.Transfer) error {
		t = now
		line.show(t)
		if fresh && t.State == string(chat.TransferOffered) && hopeless(t.Problem) {
			return errHopeless
		}
		fresh = true
		return nil
	})
	line.clear()
	if err != nil && !t.Over() {
		return f.unfinished(command, t, err, ctx.Err() != nil)
	}
	return f.over(t)
}

// over says how a transfer ended.
func (f *follower) over(t control.Transfer) error {
	if f.asJSON {
		if err := f.printJSON(t); err != nil {
			return err
		}
	}
	args := f.transferArgs(t)
	switch chat.TransferState(t.State) {
	case chat.TransferDone:
		return f.arrived(t, args)
	case chat.TransferRejected:
		f.complain(f.text.Text("cli.files.rejected", args))
		return &exitError{code: exitRefused}
	case chat.TransferCancelled:
		f.complain(f.text.Text("cli.files.cancelled", args))
	default:
		f.complain(f.text.Text("cli.files.failed", args))
	}
	if code, ok := exitReasons[t.Reason]; ok {
		return &exitError{code: code}
	}
	return &exitError{code: exitFailed}
}

func (f *follower) arrived(t control.Transfer, args map[string]any) error {
	if f.asJSON {
		return nil
	}
	key := "cli.files.sent"
	if t.Direction == chat.In.String() {
		key = "cli.files.received"
	}
	_, err := fmt.Fprintln(f.Out, f.text.Text(key, args))
	return err
}

// unfinished says what becomes of a transfer for which nobody waits any more.
func (f *follower) unfinished(command context.Context, t control.Transfer, err error, ended bool) error {
	if command.Err() != nil {
		return f.left(t)
	}
	var refusal *control.Error
	closing := errors.As(err, &refusal) && refusal.Code == control.CodeClosing
	if !ended && !closing && !errors.Is(err, errHopeless) {
		return err
	}
	if f.asJSON {
		if err := f.printJSON(t); err != nil {
			return err
		}
	}
	args := f.transferArgs(t)
	if closing {
		f.complain(f.text.Text("cli.files.closing", args))
		return &exitError{code: exitStored}
	}
	f.complain(f.text.Text("cli.files.unfinished", args))
	if errors.Is(err, errHopeless) {
		if code, ok := exitCodes[t.Problem.Code]; ok {
			return &exitError{code: code}
		}
	}
	return &exitError{code: exitStored}
}

// left tells somebody who does not want to wait that nothing is lost by it.
func (f *follower) left(t control.Transfer) error {
	key := "cli.files.left"
	if f.alone {
		key = "cli.files.left-alone"
	}
	f.complain(f.text.Text(key, f.transferArgs(t)))
	return &exitError{code: exitCancelled}
}
