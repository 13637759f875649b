namespace Aegis.Interop.Tests;

public sealed class Placeholder
{
    [Fact]
    public void Builds() => true.Should().BeTrue();
}
