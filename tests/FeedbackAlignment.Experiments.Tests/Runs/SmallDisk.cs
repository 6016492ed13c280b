using System.Diagnostics;
using FeedbackAlignment.Experiments.Tests.Data;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary>A folder on a disk of its own, which can be filled to the last byte. Who may not mount one skips the test.</summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk() => Assert.SkipUnless(
        OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=2m", "none", Folder.Path),
            "needs the right to mount a file system");

    public TemporaryFolder Folder { get; } = new();

    private string Filler => Path.Combine(Folder.Path, "filler");

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        lock (Folder)
        {
            Append();
        }
    }

    public void Free() => File.Delete(Filler);

    public void Dispose()
    {
        Run("umount", Folder.Path);
        Folder.Dispose();
    }

    private void Append()
    {
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                filler.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
