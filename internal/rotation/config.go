package rotation

import (
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/internal/function"
)

// A Config is the environment of the function, as the package comment lists it.
type Config struct {
	Bucket, ProbeKey, SecretARN string
}

// ReadConfig reads the variables with getenv, which is os.Getenv outside of
// tests. The error is a *function.Error that holds every problem.
func ReadConfig(getenv func(string) string) (Config, error) {
	c := Config{getenv("BUCKET_NAME"), getenv("PROBE_KEY"), getenv("SECRET_ARN")}
	var faults []string
	for _, v := range []struct{ name, value, want string }{
		{"BUCKET_NAME", c.Bucket, "the bucket's name"},
		{"PROBE_KEY", c.ProbeKey, "the object key of the test's upload"},
		{"SECRET_ARN", c.SecretARN, "the secret of the key ring"},
	} {
		if v.value == "" {
			faults = append(faults, fmt.Sprintf("%s is not set: want %s", v.name, v.want))
		}
	}
	if len(faults) > 0 {
		return c, function.Errorf(function.BadConfig, nil, "%s", strings.Join(faults, "; "))
	}
	return c, nil
}
