package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"feihong/app/control"
)

// edit replaces what the user wrote.
func (c *commands) edit() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "edit ID TEXT…",
		Short: c.t("cli.edit"),
		Long:  c.t("cli.edit.long"),
		Args:  c.words(2, 0),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := c.textOf(cmd.Context(), args[1:])
			if err != nil {
				return err
			}
			return c.changeMessage(cmd.Context(), args[0], control.MessageChange{Text: &text}, asJSON, "cli.edited")
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("cli.flag.json"))
	return cmd
}

// recall takes back what the user wrote.
func (c *commands) recall() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "recall ID",
		Short: c.t("cli.recall"),
		Long:  c.t("cli.recall.long"),
		Args:  c.words(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.changeMessage(cmd.Context(), args[0], control.MessageChange{Recalled: true}, asJSON, "cli.recalled")
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("cli.flag.json"))
	return cmd
}

// react puts an emoji to a message, or takes it back.
func (c *commands) react() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "react ID [EMOJI]",
		Short: c.t("cli.react"),
		Long:  c.t("cli.react.long"),
		Args:  c.words(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			emoji, done := "", "cli.unreacted"
			if len(args) > 1 {
				emoji, done = args[1], "cli.reacted"
			}
			return c.changeMessage(cmd.Context(), args[0], control.MessageChange{Reaction: &emoji}, asJSON, done)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("cli.flag.json"))
	return cmd
}

func (c *commands) changeMessage(ctx context.Context, id string, change control.MessageChange, asJSON bool, done string) error {
	if err := c.checkMessageID(id); err != nil {
		return err
	}
	return c.host.Do(ctx, c.opts, func(ctx context.Context, client *control.Client) error {
		m, err := client.ChangeMessage(ctx, id, change)
		if err != nil {
			return err
		}
		if asJSON {
			return c.printJSON(m)
		}
		_, err = fmt.Fprintln(c.Out, c.t(done))
		return err
	})
}

// checkMessageID refuses what cannot be the ID of a message.
func (c *commands) checkMessageID(id string) error {
	if parsed, err := uuid.Parse(id); err == nil && strings.EqualFold(parsed.String(), id) {
		return nil
	}
	return c.misuse("control.bad-message-id", map[string]any{"value": id})
}

// nudge asks somebody for attention.
func (c *commands) nudge() *cobra.Command {
	return c.question("nudge WHO", "cli.nudge", 1, func(ctx context.Context, client *control.Client, args []string, asJSON bool) error {
		response, err := client.Nudge(ctx, args[0])
		if err != nil {
			return err
		}
		if asJSON {
			return c.printJSON(map[string]string{"id": response.ID, "state": response.State})
		}
		_, err = fmt.Fprintln(c.Out, c.text.Text("cli.nudged", map[string]any{"name": response.To.Name}))
		return err
	})
}
