namespace Aegis.Benchmarks.Processes;

/// <summary>Other people's servers; null if this machine does not have them.</summary>
internal static class Installed
{
    public const string Missing = "not installed";

    /// <summary>nginx serving a folder with sendfile, as its documentation recommends for large files.</summary>
    public static async Task<Server?> Nginx(string served, Workspace workspace)
    {
        if (Find("nginx") is not { } program) return null;
        var port = Server.FreePort();
        var folder = workspace.NewFolder("nginx");
        var configuration = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            daemon off;
            pid {{folder}}/nginx.pid;
            error_log stderr;
            events { worker_connections 256; }
            http {
              access_log off;
              sendfile on;
              tcp_nopush on;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
              server { listen 127.0.0.1:{{port}}; root {{served}}; }
            }
            """);
        // One process, so that its processor time is the whole time.
        return await Server.Start(
            new ProcessStartInfo(program, ["-c", configuration, "-p", folder, "-g", "master_process off;"]), port, "/ready");
    }

    /// <summary>Orthanc with its defaults. It answers only this machine.</summary>
    public static async Task<Server?> Orthanc(Workspace workspace)
    {
        if (Find("Orthanc") is not { } program) return null;
        var port = Server.FreePort();
        var folder = workspace.NewFolder("orthanc");
        var configuration = Path.Combine(folder, "orthanc.json");
        await File.WriteAllTextAsync(configuration, $$"""
            {
              "HttpPort": {{port}}, "RemoteAccessAllowed": false, "AuthenticationEnabled": false, "DicomServerEnabled": false,
              "StorageDirectory": "{{folder}}/storage", "IndexDirectory": "{{folder}}/storage", "Plugins": []
            }
            """);
        return await Server.Start(new ProcessStartInfo(program, [configuration]), port, "/system");
    }

    private static string? Find(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin");
        return folders.Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
    }
}
