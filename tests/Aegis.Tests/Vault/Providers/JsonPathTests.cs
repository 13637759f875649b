using Aegis.Vault.Providers.Api;

namespace Aegis.Tests.Vault.Providers;

public sealed class JsonPathTests
{
    private const string Document = """{"a":{"b c":["x","y",{"k'\"\\":"deep"}]},"ü_1":1,"0":"digit","n":null,"$":"dollar"}""";

    [Theory]
    [InlineData("$.a['b c'][0]", "\"x\"")]
    [InlineData("$['a'][\"b c\"][-2]", "\"y\"")]
    [InlineData("$[ 'a' ] ['b c'][2]", null)] // RFC 9535 allows spaces between segments; the subset does not
    [InlineData("$[ 'a' ]['b c'][2]['k\\'\"\\\\']", "\"deep\"")]
    [InlineData("$.ü_1", "1")]
    [InlineData("$['0']", "\"digit\"")]
    [InlineData("$['\\u0061']['b c'][1]", "\"y\"")]
    [InlineData("$.n", "null")]
    [InlineData("$['$']", "\"dollar\"")]
    [InlineData("$['\\ud83d\\ude00']", null)]
    public void A_path_finds_its_node(string path, string? found) => (JsonPath.Parse(path)?.Find(Parsed)?.GetRawText()).Should().Be(found);

    [Fact]
    public void A_dollar_alone_finds_the_whole_document() => JsonPath.Parse("$")!.Find(Parsed)!.Value.GetRawText().Should().Be(Document);

    [Theory]
    [InlineData("$.a.x")]
    [InlineData("$.a[0]")]
    [InlineData("$.a['b c'][3]")]
    [InlineData("$.a['b c'][-4]")]
    [InlineData("$.a['b c'].length")]
    [InlineData("$.n.x")]
    public void A_path_to_a_missing_node_finds_nothing(string path) => JsonPath.Parse(path)!.Find(Parsed).Should().BeNull();

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("$a")]
    [InlineData("$.")]
    [InlineData("$..a")]
    [InlineData("$.*")]
    [InlineData("$[*]")]
    [InlineData("$[0:2]")]
    [InlineData("$[0,1]")]
    [InlineData("$[?@.a]")]
    [InlineData("$[-0]")]
    [InlineData("$[01]")]
    [InlineData("$[99999999999]")]
    [InlineData("$.0")]
    [InlineData("$['a'")]
    [InlineData("$['a]")]
    [InlineData("$['a\\x']")]
    [InlineData("$['\\ud800']")]
    [InlineData("$['\\udc00\\ud800']")]
    [InlineData("$['a\\\"']")]
    [InlineData("$[]")]
    [InlineData("$.a ")]
    [InlineData("$.a-b")]
    public void A_path_that_is_invalid_or_could_find_several_nodes_is_refused(string path) => JsonPath.Parse(path).Should().BeNull();

    [Fact]
    public void A_path_of_more_than_twenty_steps_is_refused()
    {
        JsonPath.Parse("$" + string.Concat(Enumerable.Repeat(".a", 20))).Should().NotBeNull();
        JsonPath.Parse("$" + string.Concat(Enumerable.Repeat(".a", 21))).Should().BeNull();
    }

    private static JsonElement Parsed => JsonElement.Parse(Document);
}
