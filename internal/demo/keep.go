package demo

import (
	"context"
	"fmt"
	"io"

	"github.com/s3seal/s3seal/localaws"
)

// keep leaves the local AWS running until ctx ends, and tells how to reach it.
func (p *stageplay) keep(ctx context.Context, folder string, out io.Writer) error {
	var profiles []localaws.Profile
	for _, e := range []environment{source, replica} {
		profiles = append(profiles, localaws.Profile{Name: e.name, Account: e.account, Region: e.region})
	}
	env, err := p.server.WriteProfiles(profiles...)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, `
The local AWS serves until you press Ctrl-C. In another terminal, here, run

  . %s

Then aws and npx cdk use the profile source, or another one with --profile:

`, env)
	for _, e := range profiles {
		fmt.Fprintf(out, "  %-8s %s, %s\n", e.Name, e.Account, e.Region)
	}
	fmt.Fprintf(out, `
For example:

  aws s3 cp README.md s3://%s/
  aws s3 ls --profile replica
  npx cdk diff -c stages=%s demo-buckets
`, p.output("buckets", "SseKmsCmkBucket"), stagesFile(folder))
	<-ctx.Done()
	return nil
}
