package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/account"
	"github.com/s3seal/s3seal/internal/keystatus"
)

type keyCmd struct {
	stageFlags
	ID      string `name:"id" placeholder:"ID" help:"Key of the ring: an object's tag ssec-kid names the one that it is under. Default: the primary, under which new objects are written."`
	Version string `name:"secret-version" default:"AWSCURRENT" placeholder:"VERSION" help:"Version of the secret to take it from: a staging label, such as AWSPREVIOUS, or the version's id. Default: ${default}."`
	Out     string `required:"" placeholder:"FILE" help:"New file for the key's 32 bytes, that only you can read. It is never overwritten."`
}

func (*keyCmd) Help() string {
	return `Writes the file for "aws s3 cp --sse-c-key fileb://FILE". Prints the key's id, and never the key. ` +
		"Whoever has the file can read, from anywhere, what the key encrypts and S3 lets them fetch: remove it when you are done."
}

// Run writes one key to a file.
func (c *keyCmd) Run(stdout io.Writer) error {
	if c.Out == "-" || c.Out == "" {
		return errors.New("--out: name a file: a key is never printed")
	}
	return c.on(func(ctx context.Context, a *account.Account, s *account.SSEC) error {
		ring, version, err := keystatus.ReadRing(ctx, secretsmanager.NewFromConfig(a.Config), s.SecretARN, c.Version)
		if err != nil {
			return err
		}
		primary, _ := ring.Primary()
		if c.ID == "" {
			c.ID = primary
		}
		key, ok := ring.Key(c.ID)
		if !ok {
			return fmt.Errorf("the version %s of the secret has no key %s: it has %s", version, c.ID, strings.Join(ring.IDs(), ", "))
		}
		if err := key.WriteFile(c.Out); err != nil {
			return err
		}
		fmt.Fprintln(stdout, c.ID)
		fmt.Fprintf(os.Stderr, "The key is in %s, for you alone. To read an object that is under it:\n  aws s3 cp s3://%s/KEY FILE --sse-c AES256 --sse-c-key fileb://%s\n", c.Out, s.Bucket, quoted(c.Out))
		if c.ID != primary {
			fmt.Fprintf(os.Stderr, "New objects are written under another key, the primary %s.\n", primary)
		}
		return nil
	})
}
