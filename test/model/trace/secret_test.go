package trace

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/s3seal/s3seal/internal/ssec"
)

const (
	current  = "AWSCURRENT"
	pending  = "AWSPENDING"
	previous = "AWSPREVIOUS"
)

// A secret is that of Secrets Manager. Its calls are not asked for at the gate;
// those of secretClient are.
type secret struct {
	texts   map[string]string // by version; "" for one that is only announced
	all     map[string]string // texts, and those of versions that are gone
	labels  map[string]string // the version of each
	changed time.Time
	moved   time.Time // when the primary key became another
}

func newSecret() *secret {
	first := parsed("a password of thirty-two letters")
	long := time.Now().Add(-24 * time.Hour)
	return &secret{map[string]string{"v0": first.Text()}, map[string]string{"v0": first.Text()}, map[string]string{current: "v0"}, long, long}
}

// ring is that of AWSCURRENT.
func (s *secret) ring() *ssec.Ring { return parsed(s.texts[s.labels[current]]) }

func parsed(text string) *ssec.Ring {
	r, err := ssec.ParseRing(text)
	if err != nil {
		panic(err)
	}
	return r
}

func (s *secret) label(label, to string) {
	from := s.labels[label]
	if s.labels[label] = to; label != current || from == to {
		return
	}
	s.labels[previous] = from
	if a, _ := parsed(s.texts[from]).Primary(); from != "" {
		if b, _ := parsed(s.texts[to]).Primary(); a != b {
			s.moved = time.Now()
		}
	}
}

// removable are the versions without a label, which Secrets Manager may remove.
func (s *secret) removable() []string {
	used := slices.Collect(maps.Values(s.labels))
	var free []string
	for _, v := range slices.Sorted(maps.Keys(s.texts)) {
		if !slices.Contains(used, v) {
			free = append(free, v)
		}
	}
	return free
}

// answer is an error of AWS.
func answer(status int, err error) error {
	return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}}, Err: err}
}

func named(status int, code string) error {
	return answer(status, &smithy.GenericAPIError{Code: code, Message: code})
}

// A secretClient is somebody's access to the secret.
type secretClient struct {
	*actor
	*secret
	plainly bool // a label moves from wherever it is
}

func (c secretClient) DescribeSecret(ctx context.Context, _ *secretsmanager.DescribeSecretInput, _ ...func(*secretsmanager.Options)) (out *secretsmanager.DescribeSecretOutput, err error) {
	err = c.call(ctx, "DescribeSecret", func() error {
		stages, on, changed := map[string][]string{}, true, c.changed
		for v := range c.texts {
			stages[v] = nil
		}
		for label, v := range c.labels {
			stages[v] = append(stages[v], label)
		}
		out = &secretsmanager.DescribeSecretOutput{VersionIdsToStages: stages, RotationEnabled: &on, LastChangedDate: &changed}
		return nil
	})
	return out, err
}

func (c secretClient) GetSecretValue(ctx context.Context, in *secretsmanager.GetSecretValueInput, _ ...func(*secretsmanager.Options)) (out *secretsmanager.GetSecretValueOutput, err error) {
	err = c.call(ctx, "GetSecretValue "+*in.VersionStage, func() error {
		v := c.labels[*in.VersionStage]
		text := c.texts[v]
		if text == "" || in.VersionId != nil && *in.VersionId != v {
			return answer(400, &types.ResourceNotFoundException{})
		}
		out = &secretsmanager.GetSecretValueOutput{SecretString: &text, VersionId: &v}
		return nil
	})
	return out, err
}

func (c secretClient) PutSecretValue(ctx context.Context, in *secretsmanager.PutSecretValueInput, _ ...func(*secretsmanager.Options)) (out *secretsmanager.PutSecretValueOutput, err error) {
	v := *in.ClientRequestToken
	err = c.call(ctx, "PutSecretValue "+in.VersionStages[0], func() error {
		if text := c.texts[v]; text != "" && text != *in.SecretString {
			return answer(400, &types.ResourceExistsException{})
		}
		c.texts[v], c.all[v], c.changed = *in.SecretString, *in.SecretString, time.Now()
		for _, l := range in.VersionStages {
			c.label(l, v)
		}
		out = &secretsmanager.PutSecretValueOutput{VersionId: &v}
		c.allowRing(parsed(*in.SecretString))
		return nil
	})
	return out, err
}

func (c secretClient) UpdateSecretVersionStage(ctx context.Context, in *secretsmanager.UpdateSecretVersionStageInput, _ ...func(*secretsmanager.Options)) (out *secretsmanager.UpdateSecretVersionStageOutput, err error) {
	label, out := *in.VersionStage, &secretsmanager.UpdateSecretVersionStageOutput{}
	err = c.call(ctx, "UpdateSecretVersionStage "+label, func() error {
		on := c.labels[label]
		switch to := in.MoveToVersionId; {
		case c.plainly && to != nil && c.texts[*to] != "":
			c.allowMove(label, on, *to)
			c.label(label, *to)
		case in.RemoveFromVersionId != nil && *in.RemoveFromVersionId != on:
			return answer(400, &types.InvalidParameterException{})
		case to == nil:
			delete(c.labels, label)
		case c.texts[*to] == "":
			return answer(400, &types.ResourceNotFoundException{})
		case *to == on:
			return nil
		case in.RemoveFromVersionId == nil && on != "":
			return answer(400, &types.InvalidParameterException{})
		default:
			c.allowMove(label, on, *to)
			c.label(label, *to)
		}
		c.changed = time.Now()
		return nil
	})
	return out, err
}
