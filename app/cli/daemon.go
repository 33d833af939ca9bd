package cli

import (
	"context"
	"encoding/json"

	"github.com/spf13/cobra"

	"feihong/app/control"
)

func (c *commands) daemon() *cobra.Command {
	return &cobra.Command{
		Use:   "daemon",
		Short: c.t("cli.daemon"),
		Args:  c.noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.host.Daemon(cmd.Context(), c.opts, c.printEvents)
		},
	}
}

// printEvents writes each event as one line of JSON.
func (c *commands) printEvents(ctx context.Context, client *control.Client) error {
	lines := json.NewEncoder(c.Out)
	lines.SetEscapeHTML(false)
	return client.Events(ctx, func(e control.Event) error { return lines.Encode(e) })
}
