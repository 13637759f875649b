using Aegis.Kernel.Web.Connect;

namespace Aegis.Tests.Connect;

public sealed class ConnectCodeTests
{
    [Theory]
    [InlineData("canceled", 499)]
    [InlineData("unknown", 500)]
    [InlineData("invalid_argument", 400)]
    [InlineData("deadline_exceeded", 504)]
    [InlineData("not_found", 404)]
    [InlineData("already_exists", 409)]
    [InlineData("permission_denied", 403)]
    [InlineData("resource_exhausted", 429)]
    [InlineData("failed_precondition", 400)]
    [InlineData("aborted", 409)]
    [InlineData("out_of_range", 400)]
    [InlineData("unimplemented", 501)]
    [InlineData("internal", 500)]
    [InlineData("unavailable", 503)]
    [InlineData("data_loss", 500)]
    [InlineData("unauthenticated", 401)]
    public void Each_code_has_the_HTTP_status_of_the_protocol(string name, int status)
    {
        var codes = typeof(ConnectCode).GetFields().Select(f => (ConnectCode)f.GetValue(null)!).ToList();

        codes.Should().HaveCount(16);
        codes.Single(c => c.Name == name).Status.Should().Be(status);
    }

    [Theory]
    [InlineData(400, "invalid_argument")]
    [InlineData(401, "unauthenticated")]
    [InlineData(403, "permission_denied")]
    [InlineData(404, "not_found")]
    [InlineData(408, "deadline_exceeded")]
    [InlineData(409, "aborted")]
    [InlineData(410, "failed_precondition")]
    [InlineData(412, "failed_precondition")]
    [InlineData(413, "resource_exhausted")]
    [InlineData(416, "out_of_range")]
    [InlineData(422, "invalid_argument")]
    [InlineData(429, "resource_exhausted")]
    [InlineData(499, "canceled")]
    [InlineData(500, "internal")]
    [InlineData(501, "unimplemented")]
    [InlineData(503, "unavailable")]
    [InlineData(504, "deadline_exceeded")]
    public void Each_refusal_status_has_one_code(int status, string name) => ConnectCode.Of(status).Name.Should().Be(name);
}
