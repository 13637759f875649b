using Aegis.Auth.Sessions.V1;
using Aegis.Kernel.Web.Validation;

namespace Aegis.Auth.Access.Sessions;

/// <summary>The shape of a CreateSession request. Texts that are no address or country are not wrong: they count as unknown.</summary>
internal static class CreateSessionLimits
{
    public const int AuthMethod = 64;
    private const int DeviceId = 200;
    private const int Fingerprint = 256;
    private const int Place = 100;
    private const double Pole = 90;
    private const double DateLine = 180;

    public static void Check(CreateSessionRequest request)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        void Text(string path, string value, int longest)
        {
            if (value.Length > longest) errors[path] = [$"It may have {longest} characters."];
            else if (!ReadableText.IsOneLine(value))
                errors[path] = ["It must not hold control characters or such as change how text is shown."];
        }

        void Number(string path, double value, double least, double max)
        {
            if (!(value >= least && value <= max)) errors[path] = [$"It must be between {least} and {max}."]; // so NaN is refused too
        }

        Text("deviceId", request.DeviceId, DeviceId);
        Text("authMethod", request.AuthMethod, AuthMethod);
        var signal = request.RiskSignal ?? new RiskSignal();
        Text("riskSignal.ip", signal.Ip, Place);
        Text("riskSignal.countryCode", signal.CountryCode, Place);
        Text("riskSignal.region", signal.Region, Place);
        Text("riskSignal.city", signal.City, Place);
        Text("riskSignal.asn", signal.Asn, Place);
        Text("riskSignal.deviceFingerprint", signal.DeviceFingerprint, Fingerprint);
        Number("riskSignal.riskScore", signal.RiskScore, 0, RiskAssessment.MaxScore);
        Number("riskSignal.latitude", signal.Latitude, -Pole, Pole);
        Number("riskSignal.longitude", signal.Longitude, -DateLine, DateLine);
        if (signal.OccurredAtUnix < 0) errors["riskSignal.occurredAtUnix"] = ["It must be 0 or more seconds since 1970."];
        if (errors.Count > 0) throw Invalid.Fields(errors);
    }
}
