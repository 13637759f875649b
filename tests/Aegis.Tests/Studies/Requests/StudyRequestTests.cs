using Aegis.Auth.Protection;
using Aegis.Kernel.Web.Callers;
using Aegis.Kernel.Web.Refusals;
using Aegis.Studies.Fulfilment;
using Aegis.Studies.Requests;

namespace Aegis.Tests.Studies.Requests;

public sealed class StudyRequestTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private static readonly IngestedStudy Study = Ingested.Study("trf_1");

    [Fact]
    public void A_request_is_expired_from_its_expiry_time_on()
    {
        var request = Pending();

        request.StatusAt(Now + Lifetime - TimeSpan.FromTicks(1)).Should().Be(RequestStatus.Pending);
        request.StatusAt(Now + Lifetime).Should().Be(RequestStatus.Expired);
        Code(() => request.Accept(Now + Lifetime)).Should().Be("request_expired");
    }

    [Fact]
    public void An_expired_lease_leaves_the_request_unchanged()
    {
        var (pending, accepted) = (Pending(), Pending());
        accepted.Accept(Now);
        pending.BeginFulfilment("a", Lease, Now);
        accepted.BeginFulfilment("a", Lease, Now);

        pending.StatusAt(Now + Lease - TimeSpan.FromTicks(1)).Should().Be(RequestStatus.Fulfilling);
        pending.StatusAt(Now + Lease).Should().Be(RequestStatus.Pending);
        accepted.StatusAt(Now + Lease).Should().Be(RequestStatus.Accepted);
    }

    [Fact]
    public void Only_one_upload_at_a_time_can_reserve_the_request()
    {
        var request = Pending();
        request.BeginFulfilment("a", Lease, Now);

        Code(() => request.BeginFulfilment("b", Lease, Now)).Should().Be("fulfilment_in_progress");
        Code(() => request.Cancel(Now)).Should().Be("fulfilment_in_progress");
        Code(() => request.Fulfill("b", Study, Now)).Should().Be("fulfilment_lost");
        request.BeginFulfilment("b", Lease, Now + Lease);
        Code(() => request.Fulfill("a", Study, Now + Lease)).Should().Be("fulfilment_lost");
        request.Fulfill("b", Study, Now + Lease);
        request.Status.Should().Be(RequestStatus.Fulfilled);
    }

    [Fact]
    public void An_abandoned_upload_frees_the_request()
    {
        var request = Pending();
        request.Accept(Now);
        request.BeginFulfilment("a", Lease, Now);

        request.AbandonFulfilment("a");

        request.StatusAt(Now).Should().Be(RequestStatus.Accepted);
        Code(() => request.AbandonFulfilment("a")).Should().Be("fulfilment_lost");
    }

    [Fact]
    public void A_running_upload_can_finish_after_the_request_would_expire()
    {
        var request = Pending();
        request.BeginFulfilment("a", Lease, Now + Lifetime - TimeSpan.FromSeconds(1));

        Code(() => request.Expire(Now + Lifetime)).Should().Be("not_expired");
        request.Fulfill("a", Study, Now + Lifetime);

        request.TransferId.Should().Be("trf_1");
    }

    [Fact]
    public void Details_are_shredded_30_days_after_the_end_and_not_before()
    {
        var request = Pending();
        request.Cancel(Now);

        Code(() => request.Shred(Now.AddDays(30).AddTicks(-1))).Should().Be("not_due");
        request.Shred(Now.AddDays(30));

        request.SealedDetails.Should().BeNull();
        request.PatientFingerprint.Should().Be("fingerprint");
    }

    [Fact]
    public void Details_of_a_fulfilled_request_are_kept_until_its_transfer_has_ended()
    {
        var request = Pending();
        request.BeginFulfilment("a", Lease, Now);
        request.Fulfill("a", Study, Now);

        Code(() => request.Shred(Now.AddYears(1))).Should().Be("not_due");
        request.TransferEnded(Now.AddYears(1));
        request.Shred(Now.AddYears(1).AddDays(30));

        request.SealedDetails.Should().BeNull();
    }

    [Fact]
    public void A_request_without_a_transfer_cannot_record_its_end()
    {
        var request = Pending();

        Code(() => request.TransferEnded(Now)).Should().Be("not_fulfilled");
        request.ShredAt.Should().BeNull();
    }

    [Fact]
    public void The_wrong_party_is_refused_as_wrong_party()
    {
        var consumer = new Caller("cons", "key_1", "k", null, null, null, new HashSet<string>(), null, null);

        Code(() => Pending().RequireParty(Party.Provider, consumer)).Should().Be("wrong_party");
    }

    private static StudyRequest Pending() =>
        StudyRequest.Create("req_1", "cons", "prov", new SealedRequest([1], "fingerprint"), new RequestTerms(null, 72, null),
            Lifetime, Now);

    private static string Code(Action act) => act.Should().Throw<RefusedException>().Which.Code;
}
