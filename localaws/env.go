package localaws

import (
	"context"
	"slices"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/s3delivery"
)

// URL is the endpoint, "https://127.0.0.1:PORT". An IP address makes the SDKs
// use path style for buckets, so that no name needs to resolve.
func (s *Server) URL() string { return s.front.URL() }

// PlainURL is the endpoint without TLS; "" unless Options.PlainHTTP.
func (s *Server) PlainURL() string { return s.front.PlainURL() }

// CA is the certificate of the server's own authority, in PEM.
func (s *Server) CA() []byte { return s.front.CA() }

// CAFile is a file with CA in it. Close removes it.
func (s *Server) CAFile() string { return s.caFile }

// Env is EnvIn the first Region of Options.
func (s *Server) Env(account string) []string { return s.EnvIn(account, s.options.Regions[0]) }

// EnvIn is what the AWS CLI, the CDK and SDKs need in their environment to be the
// administrator of the account in a Region: "NAME=value" each. It is empty for an
// account or a Region that the server doesn't have.
//
// AWS_SESSION_TOKEN is emptied: one that is left in the shell would be sent with
// these keys, and refused. AWS_DEFAULT_REGION is for version 1 of the AWS CLI,
// which doesn't read AWS_REGION.
func (s *Server) EnvIn(account, region string) []string {
	k, ok := s.administrators[account]
	if !ok || !slices.Contains(s.options.Regions, region) {
		return nil
	}
	return append(s.reach(),
		"AWS_ACCESS_KEY_ID="+k.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY="+k.SecretAccessKey,
		"AWS_SESSION_TOKEN=",
		"AWS_REGION="+region,
		"AWS_DEFAULT_REGION="+region,
	)
}

// reach is how a program finds this server, whoever it is there.
// AWS_EC2_METADATA_DISABLED keeps an SDK whose keys are wrong from asking the
// network for others. NO_PROXY, in both spellings that programs read, keeps
// requests for this machine from going to a proxy.
func (s *Server) reach() []string {
	return []string{
		"AWS_ENDPOINT_URL=" + s.URL(),
		"AWS_CA_BUNDLE=" + s.caFile,
		"NODE_EXTRA_CA_CERTS=" + s.caFile,
		"AWS_EC2_METADATA_DISABLED=true",
		"NO_PROXY=" + thisMachine, "no_proxy=" + thisMachine,
	}
}

const thisMachine = "127.0.0.1,::1,localhost"

// functionEnvironment is how the SDK in a Lambda function finds this server.
// Lambda itself gives credentials and Region. The proxy doesn't exist, so that a
// client that still calls a real endpoint doesn't reach it.
func (s *Server) functionEnvironment() []string {
	const nowhere = "http://127.0.0.1:9"
	return []string{
		"AWS_ENDPOINT_URL=" + s.URL(),
		"AWS_CA_BUNDLE=" + s.caFile,
		"HTTP_PROXY=" + nowhere, "http_proxy=" + nowhere,
		"HTTPS_PROXY=" + nowhere, "https_proxy=" + nowhere,
		"NO_PROXY=" + thisMachine, "no_proxy=" + thisMachine,
	}
}

// WaitReplication waits until S3 has no replication left to do, or ctx ends.
func (s *Server) WaitReplication(ctx context.Context) error {
	return s.services.s3.WaitReplication(ctx)
}

// HoldReplication keeps S3 from replicating, as a large backlog does, until it is
// told to go on by false.
func (s *Server) HoldReplication(held bool) { s.services.s3.HoldReplication(held) }

// EvaluateAlarms evaluates the CloudWatch alarms, as if the minute that has begun
// were over, and carries out the actions of those whose state changes. Without it
// that happens each minute.
func (s *Server) EvaluateAlarms() { s.services.metrics.Evaluate() }

// DeliverLogs delivers the server access logs that are due now, without waiting
// for the next minute. It ends early with ctx.
func (s *Server) DeliverLogs(ctx context.Context) error {
	return s.services.deliveries.DeliverLogs(ctx)
}

// DeliverInventory delivers every bucket's inventory. Nothing else does: the
// local AWS follows no schedule. It ends early with ctx.
func (s *Server) DeliverInventory(ctx context.Context) error {
	return s.services.deliveries.DeliverInventory(ctx)
}

// EndIdleFunctions ends the processes of the functions, as Lambda does when nobody
// has invoked them for some time: the next invocation is a cold start.
func (s *Server) EndIdleFunctions() { s.services.lambda.EndIdle() }

// LogFailure is a server access log or an inventory that could not be delivered.
// It is lost.
type LogFailure struct {
	Time     time.Time
	Service  string // principal that tried: "logging.s3.amazonaws.com"
	Source   string // bucket that the file is about
	Target   string // bucket that didn't get it
	Key      string
	Reason   string // S3's answer
	Decision string // why the policies refused it; "" if they didn't
}

func (f LogFailure) String() string { return s3delivery.Failure(f).String() }

// LogFailures are the deliveries that failed, the oldest first, with what the
// policies decided.
func (s *Server) LogFailures() []LogFailure {
	var list []LogFailure
	for _, f := range s.services.deliveries.Failures() {
		list = append(list, LogFailure(f))
	}
	return list
}

// Holds says whether a text is anywhere in what S3 stores, in memory or in files.
// A test uses it to show that S3 stores ciphertext only.
func (s *Server) Holds(plaintext []byte) (bool, error) { return s.services.s3.Holds(plaintext) }
