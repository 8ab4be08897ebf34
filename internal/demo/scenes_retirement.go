package demo

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/account"
	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/sweep"
)

func (r *rotating) retire(ctx context.Context) {
	r.scene("A key is retired when no object needs it, and nobody writes under it",
		"Until then s3seal refuses. For this scene the clock by which it waits is set ahead.")
	first, second := r.old[0], r.old[1]
	r.retireKey(ctx, first, "refused: the secret changed")
	r.wait()
	r.retireKey(ctx, first, "refused: 4 versions … need the key "+first)
	r.step("aws s3api delete-objects  # the noncurrent ones, as the bucket's lifecycle does in time", r.expire(ctx), "ok")
	r.retireKey(ctx, first, "ok")
	r.readAll(ctx)
	r.retireKey(ctx, second, "refused: the secret changed")
	r.wait()
	r.retireKey(ctx, second, "ok")
	r.showRing(ctx, "1 key, primary "+r.primary)
	r.readAll(ctx)
}

// retireKey shows the command of a retirement.
func (r *rotating) retireKey(ctx context.Context, id, want string) {
	err := r.retirement(ctx, id)
	got := outcome(err)
	if refused := (*sweep.RefusedError)(nil); errors.As(err, &refused) {
		got = "refused: " + refused.Reason
	}
	r.step("s3seal retire demo "+id+" --yes", got, want)
}

// retirement does what the command does, by the scene's clock.
func (r *rotating) retirement(ctx context.Context, id string) error {
	if r.found == nil { // asked once: the stage doesn't change
		var err error
		if r.found, err = r.deployed(ctx); err != nil {
			return err
		}
	}
	by := r.administrator
	retirement := sweep.Retirement{
		Sweeper: &sweep.Sweeper{S3: by.s3, Ring: ssec.NewSource(by.secrets, r.secret), Bucket: r.bucket},
		Secrets: by.secrets, SecretID: r.secret, LongestWrite: r.found.LongestWrite(),
		Now: func() time.Time { return time.Now().Add(r.waited) },
	}
	_, err := retirement.Retire(ctx, id)
	if err == nil {
		r.waited = 0
	}
	return err
}

// deployed is what the command finds of the stage in its account.
func (r *rotating) deployed(ctx context.Context) (*account.SSEC, error) {
	text, err := stagesText()
	if err != nil {
		return nil, err
	}
	file, err := stage.Parse("stages.yaml", text)
	if err != nil {
		return nil, err
	}
	a := account.Account{Stage: &file.Stages[0], Config: r.server.Config(r.server.Credentials(sourceAccount))}
	return a.SSEC(ctx)
}

// expire deletes what the bucket's lifecycle rule would in the end.
func (r *rotating) expire(ctx context.Context) string {
	out, err := r.administrator.s3.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &r.bucket})
	if err != nil {
		return outcome(err)
	}
	var noncurrent []types.ObjectIdentifier
	for _, v := range out.Versions {
		if !aws.ToBool(v.IsLatest) {
			noncurrent = append(noncurrent, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
	}
	return outcome(r.administrator.delete(ctx, r.bucket, noncurrent))
}
