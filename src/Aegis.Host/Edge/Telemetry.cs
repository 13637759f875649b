using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Aegis.Host.Edge;

/// <summary>Exports traces and metrics by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or <c>Otlp:Endpoint</c> is set.</summary>
internal static class TelemetryExport
{
    public static void AddTelemetryExport(this WebApplicationBuilder builder)
    {
        var endpoint = builder.Configuration["Otlp:Endpoint"] ?? builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"];
        if (string.IsNullOrEmpty(endpoint)) return;

        var target = new Uri(endpoint);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(r => r.AddService("aegis"))
            .WithTracing(t => t
                .AddSource("Microsoft.AspNetCore", Kernel.Events.Telemetry.MeterName)
                .AddProcessor(new RoutesInsteadOfPaths())
                .AddOtlpExporter(o => o.Endpoint = target))
            .WithMetrics(m => m
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", Kernel.Events.Telemetry.MeterName)
                .AddOtlpExporter(o => o.Endpoint = target));
    }

    /// <summary>
    /// Replaces paths and queries by route templates in exported traces. Paths may contain a content ticket, and queries anything.
    /// </summary>
    private sealed class RoutesInsteadOfPaths : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            data.SetTag("url.path", data.GetTagItem("http.route"));
            data.SetTag("url.query", null);
            data.SetTag("url.full", null);
            data.DisplayName = $"{data.GetTagItem("http.request.method")} {data.GetTagItem("http.route")}".Trim();
        }
    }
}
