package repair

import (
	"context"
	"net/netip"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	smithyendpoints "github.com/aws/smithy-go/endpoints"

	"github.com/s3seal/s3seal/internal/stage"
)

const reports = stage.RepairReports

// control is a client of S3's control API. The SDK puts the account before the
// host of the endpoint, which an address, such as that of a local AWS, can't have.
func control(cfg aws.Config) *s3control.Client {
	return s3control.NewFromConfig(cfg, func(o *s3control.Options) {
		o.EndpointResolverV2 = byAddress{o.EndpointResolverV2}
	})
}

type byAddress struct{ next s3control.EndpointResolverV2 }

func (b byAddress) ResolveEndpoint(ctx context.Context, p s3control.EndpointParameters) (smithyendpoints.Endpoint, error) {
	if b.next == nil {
		b.next = s3control.NewDefaultEndpointResolverV2()
	}
	e, err := b.next.ResolveEndpoint(ctx, p)
	if host := e.URI.Hostname(); err == nil && p.AccountId != nil && len(host) > len(*p.AccountId) {
		if rest := host[len(*p.AccountId)+1:]; isAddress(rest) {
			e.URI.Host = e.URI.Host[len(*p.AccountId)+1:]
		}
	}
	return e, err
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}
