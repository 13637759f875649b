using Aegis.Kernel.Web.Connect;
using Aegis.Kernel.Web.Refusals;
using Aegis.Tests.Connect.Kinds;
using Google.Protobuf;

namespace Aegis.Tests.Connect;

public sealed class ConnectJsonTests
{
    [Theory]
    [InlineData("""{"whole":"900"}""", """{"whole":"900"}""")]
    [InlineData("""{"whole":900}""", """{"whole":"900"}""")]
    [InlineData("""{"whole":9e2}""", """{"whole":"900"}""")]
    [InlineData("""{"whole":900.0}""", """{"whole":"900"}""")]
    [InlineData("""{"whole":9007199254740993}""", """{"whole":"9007199254740993"}""")]
    [InlineData("""{"whole":"-9223372036854775808"}""", """{"whole":"-9223372036854775808"}""")]
    [InlineData("""{"natural":18446744073709551615}""", """{"natural":"18446744073709551615"}""")]
    [InlineData("""{"smallWhole":"-5","smallNatural":5}""", """{"smallWhole":-5,"smallNatural":5}""")]
    [InlineData("""{"real":1.5}""", """{"real":1.5}""")]
    [InlineData("""{"real":"1.5"}""", """{"real":1.5}""")]
    [InlineData("""{"real":"NaN"}""", """{"real":"NaN"}""")]
    [InlineData("""{"real":"Infinity"}""", """{"real":"Infinity"}""")]
    [InlineData("""{"real":"-Infinity"}""", """{"real":"-Infinity"}""")]
    [InlineData("""{"smallReal":0.5}""", """{"smallReal":0.5}""")]
    [InlineData("""{"colour":"COLOUR_RED"}""", """{"colour":"COLOUR_RED"}""")]
    [InlineData("""{"colour":1}""", """{"colour":"COLOUR_RED"}""")]
    [InlineData("""{"colour":77}""", """{"colour":77}""")]
    [InlineData("""{"small_whole":7,"smallNatural":8}""", """{"smallWhole":7,"smallNatural":8}""")]
    [InlineData("""{"whole":null,"text":null,"inner":null,"wholes":null,"colour":null,"flag":null}""", "{}")]
    [InlineData("""{"nobody":{"knows":[1,null,"x"]},"flag":true}""", """{"flag":true}""")]
    [InlineData("""{"blob":"-_8"}""", """{"blob":"+/8="}""")]
    [InlineData("""{"blob":"+/8="}""", """{"blob":"+/8="}""")]
    [InlineData("""{"wholes":[1,"2"],"inners":[{},{"flag":true}]}""", """{"wholes":["1","2"],"inners":[{},{"flag":true}]}""")]
    [InlineData("""{"maybe":0}""", """{"maybe":"0"}""")]
    [InlineData(" {} ", "{}")]
    public void Canonical_JSON_is_accepted(string json, string meaning) =>
        Read(json).Should().Be(JsonParser.Default.Parse<Everything>(meaning));

    [Theory]
    [InlineData("""{"whole":900.5}""", "whole")]
    [InlineData("""{"whole":9223372036854775808}""", "whole")]
    [InlineData("""{"whole":" 1"}""", "whole")]
    [InlineData("""{"whole":""}""", "whole")]
    [InlineData("""{"whole":true}""", "whole")]
    [InlineData("""{"natural":-1}""", "natural")]
    [InlineData("""{"smallWhole":2147483648}""", "smallWhole")]
    [InlineData("""{"real":"0x1"}""", "real")]
    [InlineData("""{"real":1e999}""", "real")]
    [InlineData("""{"real":"nan"}""", "real")]
    [InlineData("""{"flag":"true"}""", "flag")]
    [InlineData("""{"text":1}""", "text")]
    [InlineData("""{"blob":"*"}""", "blob")]
    [InlineData("""{"colour":"MAUVE"}""", "colour")]
    [InlineData("""{"inner":[]}""", "inner")]
    [InlineData("""{"inner":{"inner":{"whole":"x"}}}""", "inner.inner.whole")]
    [InlineData("""{"wholes":{}}""", "wholes")]
    [InlineData("""{"wholes":[1,null]}""", "wholes[1]")]
    [InlineData("""{"inners":[{},{"whole":"x"}]}""", "inners[1].whole")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    [InlineData("", "")]
    [InlineData("{", "")]
    [InlineData("""{"real":NaN}""", "")]
    [InlineData("""{"text":"\ud800"}""", "")]
    public void Other_JSON_is_refused_with_the_member(string json, string path)
    {
        var read = () => Read(json);

        var refused = read.Should().Throw<RefusedException>().Which;
        refused.Code.Should().Be("validation_failed");
        ((IReadOnlyDictionary<string, string[]>)refused.Members["errors"]!).Keys.Should().Equal(path);
    }

    [Fact]
    public void Too_deep_nesting_is_refused()
    {
        var read = () => Read(string.Concat(Enumerable.Repeat("{\"inner\":", 10_000)) + "{}" + new string('}', 10_000));

        read.Should().Throw<RefusedException>();
    }

    private static Everything Read(string json) => ConnectJson.Read<Everything>(Encoding.UTF8.GetBytes(json));
}
