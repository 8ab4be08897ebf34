package main

import (
	"fmt"
	"maps"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/s3seal/s3seal/internal/stage"
)

// qualifierKey is the CDK's own key of what is in the names of the bootstrap's
// roles and buckets. The app says the stages file's qualifier, since the roles
// with which it deploys are those that `s3seal bootstrap` makes of the same file.
const qualifierKey = "@aws-cdk/core:bootstrapQualifier"

// checkQualifier refuses a second place that says another qualifier: the app would
// deploy with roles that nobody has made.
func checkQualifier(context cdkContext, path, qualifier string) error {
	if given, found := context[qualifierKey]; found && given != qualifier {
		return fmt.Errorf("context: %s is %v, and bootstrap.qualifier of %s is %s: write bootstrap: {qualifier: %v} in %s, and remove it from the context",
			qualifierKey, given, path, qualifier, given, path)
	}
	return nil
}

// appProps are the app's, with a context of its own: nil for none, as with the
// CDK's own qualifier.
func appProps(b stage.Bootstrap, context map[string]any) *awscdk.AppProps {
	all := map[string]any{}
	maps.Copy(all, context)
	if b.Qualifier != stage.DefaultQualifier {
		all[qualifierKey] = b.Qualifier
	}
	if len(all) == 0 {
		return nil
	}
	return &awscdk.AppProps{PostCliContext: &all}
}
