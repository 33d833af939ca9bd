package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"feihong/app/chat"
	"feihong/app/control"
)

func (c *commands) history() *cobra.Command {
	var search string
	var limit int
	cmd := c.question("history WHO", "cli.history", 1, func(ctx context.Context, client *control.Client, args []string, asJSON bool) error {
		if limit < 0 {
			return c.misuse("cli.misuse.limit", map[string]any{"value": limit})
		}
		messages, err := client.History(ctx, args[0], search, limit)
		if err != nil {
			return err
		}
		if asJSON {
			return printLines(c, messages)
		}
		for _, m := range messages {
			text := strings.ReplaceAll(c.written(m), "\n", "\n    ")
			fmt.Fprintf(c.Out, "%s  %s  [%s]  %s\n", m.Time.Local().Format("2006-01-02 15:04:05"), m.From.Name, m.State, text)
		}
		return nil
	})
	cmd.Flags().StringVar(&search, "search", "", c.t("cli.history.search"))
	cmd.Flags().IntVar(&limit, "limit", 0, c.t("cli.history.limit"))
	return cmd
}

// written is what stands in a message, with what has become of it.
func (c *commands) written(m control.Message) string {
	if m.Recalled {
		return c.t("cli.history.recalled")
	}
	parts := []string{c.said(m)}
	if m.Edited != nil {
		parts = append(parts, c.t("cli.history.edited"))
	}
	if r := m.Reactions; r != nil {
		parts = append(parts, "["+strings.TrimSpace(r.In+" "+r.Out)+"]")
	}
	return strings.Join(parts, " ")
}

// said is what a message says. In one with files their names come first.
func (c *commands) said(m control.Message) string {
	if m.Kind == chat.KindNudge.String() {
		return c.t("cli.history.nudge")
	}
	if len(m.Names) == 0 {
		return m.Text
	}
	names := c.text.Text("cli.history.files", map[string]any{"names": strings.Join(m.Names, ", ")})
	return strings.TrimSpace(names + " " + m.Text)
}

func (c *commands) id() *cobra.Command {
	return c.question("id", "cli.id", 0, func(ctx context.Context, client *control.Client, _ []string, asJSON bool) error {
		id, err := client.ID(ctx)
		if err != nil {
			return err
		}
		if asJSON {
			return c.printJSON(id)
		}
		fmt.Fprintf(c.Out, "%s\n%s\n", id.ID, id.Name)
		for _, address := range id.Addresses {
			fmt.Fprintln(c.Out, address)
		}
		return nil
	})
}

// version needs no profile.
func (c *commands) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: c.t("cli.version"),
		Args:  c.noWords,
		RunE: func(*cobra.Command, []string) error {
			v := c.host.Version()
			_, err := fmt.Fprintf(c.Out, "feihong %s\ncommit  %s\ngo      %s\nfyne    %s\n", v.Feihong, v.Commit, v.Go, v.Fyne)
			return err
		},
	}
}

// question makes a command that asks the profile and prints the answer.
func (c *commands) question(use, short string, n int, ask func(context.Context, *control.Client, []string, bool) error) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: use, Short: c.t(short), Args: c.noWords}
	if n > 0 {
		cmd.Args = c.words(n, n)
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.host.Do(cmd.Context(), c.opts, func(ctx context.Context, client *control.Client) error {
			return ask(ctx, client, args, asJSON)
		})
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, c.t("cli.flag.json"))
	return cmd
}

func (c *commands) printJSON(v any) error {
	out := json.NewEncoder(c.Out)
	out.SetEscapeHTML(false)
	return out.Encode(v)
}

// printLines writes one line of JSON for each element.
func printLines[T any](c *commands, list []T) error {
	for _, v := range list {
		if err := c.printJSON(v); err != nil {
			return err
		}
	}
	return nil
}
