using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Cli.Live;

/// <summary>
/// The live page of a folder, or the playground, served by a program of its own: <c>fa</c> itself needs no ASP.NET Core. It ends with this
/// object, and with this process however that ends.
/// </summary>
internal sealed class LivePage : IDisposable
{
    private const string Program = "fa-live.dll", TokenVariable = "FA_LIVE_TOKEN", Ready = "ready ", Playground = "--playground";

    /// <summary>What the host of .NET answers where a framework is missing.</summary>
    private const int FrameworkMissing = 150;

    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(5);

    private readonly Process _server;
    private readonly PrivateFolder _folder = new("fa-live-");

    private LivePage(Process server, int port, string? token)
    {
        _server = server;
        Address = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}/");
        AddressWithKey = token is null ? Address : $"{Address}#token={token}";
        OpenFile = _folder.Write(
            "open.html", $"<!doctype html>\n<meta charset=\"utf-8\">\n<title>FeedbackAlignment</title>\n<script>location.replace(\"{AddressWithKey}\");</script>\n");
    }

    /// <summary>Where it is, without the key: what it shows then is how to get it.</summary>
    public string Address { get; }

    /// <summary>Where it is, with the key if it needs one.</summary>
    public string AddressWithKey { get; }

    /// <summary>A file that leads to it, which only this user can read. The key is in no command line.</summary>
    public string OpenFile { get; }

    /// <summary>Starts it.</summary>
    /// <param name="folder">The folder to show.</param>
    /// <param name="port">The port; 0: one that is free.</param>
    /// <exception cref="BadInputException">It cannot be started; the message says why.</exception>
    public static LivePage Start(string folder, int port)
        => Start("the live page", folder, port, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)), "or use `fa report`");

    /// <summary>Starts the playground, which needs no key.</summary>
    /// <param name="archive">The archive with its files.</param>
    /// <param name="port">The port; 0: one that is free.</param>
    /// <exception cref="BadInputException">It cannot be started; the message says why.</exception>
    public static LivePage StartPlayground(string archive, int port)
        => Start("the playground", archive, port, token: null, "or write it for another web server with --out");

    private static LivePage Start(string what, string place, int port, string? token, string instead)
    {
        var program = Path.Combine(AppContext.BaseDirectory, Program);
        if (!File.Exists(program))
        {
            throw new BadInputException($"{program}: is missing, so {what} cannot be served; build or install fa again");
        }

        List<string> arguments = [program, Path.GetFullPath(place), port.ToString(CultureInfo.InvariantCulture)];
        if (token is null)
        {
            arguments.Add(Playground);
        }

        var start = new ProcessStartInfo(Host(), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (token is not null)
        {
            start.Environment[TokenVariable] = token;
        }

        // Ctrl-C reaches all of a terminal's processes; the server ends when its input does.
        var server = Run(start, what);
        var errors = server.StandardError.ReadToEndAsync();
        var answer = server.StandardOutput.ReadLineAsync();
        if (answer.Wait(TimeSpan.FromSeconds(30)) && answer.Result is { } line && line.StartsWith(Ready, StringComparison.Ordinal)
            && int.TryParse(line.AsSpan(Ready.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var chosen))
        {
            return new LivePage(server, chosen, token);
        }

        using (server)
        {
            End(server);
            throw new BadInputException(server.ExitCode == FrameworkMissing
                ? $"{what} needs the ASP.NET Core runtime 10, which is not on this machine; install aspnetcore-runtime-10.0, {instead}"
                : $"{what} did not start: {Reason(errors)}");
        }
    }

    /// <summary>Opens it in the user's browser.</summary>
    /// <returns>Whether there was one to ask.</returns>
    public bool Open()
    {
        try
        {
            var (program, isShell) = OperatingSystem.IsWindows() ? (OpenFile, true)
                : (OperatingSystem.IsMacOS() ? "open" : "xdg-open", false);
            if (OperatingSystem.IsLinux() && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY"))
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY")))
            {
                return false;
            }

            using var browser = Process.Start(isShell ? new ProcessStartInfo(program) { UseShellExecute = true }
                : new ProcessStartInfo(program, [OpenFile]) { RedirectStandardError = true, RedirectStandardOutput = true });
            return browser is not null;
        }
        catch (Exception trouble) when (trouble is Win32Exception or InvalidOperationException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        End(_server);
        _server.Dispose();
        _folder.Dispose();
    }

    private static void End(Process server)
    {
        server.StandardInput.Close();
        if (!server.WaitForExit(_longest))
        {
            server.Kill();
            server.WaitForExit();
        }
    }

    private static string Reason(Task<string> errors)
        => errors.Wait(_longest) && errors.Result.Trim() is { Length: > 0 } text
            ? ForeignText.Line(text.ReplaceLineEndings(" "), ForeignText.LongestMessage) : "it gave no reason";

    private static Process Run(ProcessStartInfo start, string what)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception trouble)
        {
            throw new BadInputException($"{what} did not start: {ForeignText.Line(trouble.Message, ForeignText.LongestMessage)}");
        }
    }

    /// <summary>The program <c>dotnet</c> that this process runs by, or whose runtime it uses.</summary>
    private static string Host()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        return Path.GetFileName(Environment.ProcessPath) == name ? Environment.ProcessPath!
            : Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
    }
}
