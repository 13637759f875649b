using Aegis.Auth.Sessions.V1;
using Aegis.Kernel.Web.Validation;

namespace Aegis.Auth.Access.Sessions;

/// <summary>The limits of a CreateSession request. A text that is not an address or a country is accepted and counts as unknown.</summary>
internal static class CreateSessionLimits
{
    public const int AuthMethod = 64;
    private const int DeviceId = 200;
    private const int Fingerprint = 256;
    private const int ShortText = 100;
    private const double Pole = 90;
    private const double DateLine = 180;

    public static void Check(CreateSessionRequest request)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        void Text(string path, string value, int maxLength)
        {
            if (value.Length > maxLength) errors[path] = [$"It must have at most {maxLength} characters."];
            else if (!ReadableText.IsOneLine(value))
                errors[path] = ["It must not contain control or text-direction characters."];
        }

        void Number(string path, double value, double min, double max)
        {
            if (!(value >= min && value <= max)) errors[path] = [$"It must be between {min} and {max}."]; // written so that NaN is refused
        }

        Text("deviceId", request.DeviceId, DeviceId);
        Text("authMethod", request.AuthMethod, AuthMethod);
        var signal = request.RiskSignal ?? new RiskSignal();
        Text("riskSignal.ip", signal.Ip, ShortText);
        Text("riskSignal.countryCode", signal.CountryCode, ShortText);
        Text("riskSignal.region", signal.Region, ShortText);
        Text("riskSignal.city", signal.City, ShortText);
        Text("riskSignal.asn", signal.Asn, ShortText);
        Text("riskSignal.deviceFingerprint", signal.DeviceFingerprint, Fingerprint);
        Number("riskSignal.riskScore", signal.RiskScore, 0, RiskAssessment.MaxScore);
        Number("riskSignal.latitude", signal.Latitude, -Pole, Pole);
        Number("riskSignal.longitude", signal.Longitude, -DateLine, DateLine);
        if (signal.OccurredAtUnix < 0) errors["riskSignal.occurredAtUnix"] = ["It must be 0 or more seconds since 1970."];
        if (errors.Count > 0) throw Invalid.Fields(errors);
    }
}
