package cli

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"feihong/app/control"
	"feihong/app/export"
)

func (c *commands) export() *cobra.Command {
	var force bool
	cmd := &cobra.Command{Use: "export WHO FILE", Short: c.t("cli.export"), Args: c.words(2, 2)}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		form, err := export.FormOf(args[1])
		if err != nil {
			return usageError(err)
		}
		path, err := c.absolute(args[1])
		if err != nil {
			return err
		}
		return c.host.Do(cmd.Context(), c.opts, func(ctx context.Context, client *control.Client) error {
			return c.exportTo(ctx, client, args[0], path, form, force)
		})
	}
	cmd.Flags().BoolVar(&force, "force", false, c.t("cli.export.force"))
	return cmd
}

func (c *commands) exportTo(ctx context.Context, client *control.Client, who, path string, form export.Form, force bool) error {
	err := export.File(path, force, func(to io.Writer) error {
		return client.Export(ctx, who, string(form), c.text.Lang(), to)
	})
	var exists *export.ExistsError
	if errors.As(err, &exists) {
		return c.misuse("cli.export.exists", map[string]any{"path": exists.Path})
	}
	return err
}
