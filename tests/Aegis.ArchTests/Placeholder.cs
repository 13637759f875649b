namespace Aegis.ArchTests;

public sealed class Placeholder
{
    [Fact]
    public void Builds() => true.Should().BeTrue();
}
