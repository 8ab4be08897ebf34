package lambda

import (
	"maps"
	"slices"
	"strconv"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// environment is all that a function's process is given. Nothing of this
// process's own environment is in it: a proxy, a profile or real credentials
// there must not reach the function.
//
// Source: Lambda developer guide, configuration-envvars. AWS_EXECUTION_ENV is
// not set for OS-only runtimes.
func environment(f *snapshot, runtimeAPI, stream, temporary string, k api.Credentials, injected []string) []string {
	v := f.configuration
	env := []string{
		"_HANDLER=" + v.Handler,
		"AWS_ACCESS_KEY_ID=" + k.AccessKeyID,
		"AWS_DEFAULT_REGION=" + f.region,
		"AWS_EC2_METADATA_DISABLED=true", // an SDK that finds no keys must not ask the network
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=" + strconv.Itoa(v.MemorySize),
		"AWS_LAMBDA_FUNCTION_NAME=" + f.name,
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_LAMBDA_LOG_FORMAT=" + v.LogFormat,
		"AWS_LAMBDA_LOG_GROUP_NAME=" + v.LogGroup,
		"AWS_LAMBDA_LOG_STREAM_NAME=" + stream,
		"AWS_LAMBDA_RUNTIME_API=" + runtimeAPI,
		"AWS_REGION=" + f.region,
		"AWS_SECRET_ACCESS_KEY=" + k.SecretAccessKey,
		"AWS_SESSION_TOKEN=" + k.SessionToken,
		"HOME=" + temporary,
		"LAMBDA_RUNTIME_DIR=/var/runtime",
		"LAMBDA_TASK_ROOT=" + f.code.folder,
		"LANG=en_US.UTF-8",
		"PATH=/usr/local/bin:/usr/bin:/bin:/opt/bin",
		"TMPDIR=" + temporary, // Lambda's /tmp belongs to one sandbox; this one does too
		"TZ=:UTC",
	}
	if v.ApplicationLevel != "" {
		env = append(env, "AWS_LAMBDA_LOG_LEVEL="+v.ApplicationLevel)
	}
	for _, k := range slices.Sorted(maps.Keys(v.Environment)) {
		env = append(env, k+"="+v.Environment[k])
	}
	// Last, so that no variable of the function leads it out of the local AWS.
	return append(env, injected...)
}
