using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FeedbackAlignment.Fuzzing.Folders;

/// <summary>Entries of a folder that .NET cannot make.</summary>
internal static class Unix
{
    public static void Fifo(string path) => Done(NativeMethods.MakeFifo(path, 0b110_100_100), path);

    public static void HardLink(string to, string path) => Done(NativeMethods.Link(to, path), path);

    /// <summary>Asks a process to end; one that has ended is not missed.</summary>
    public static void Terminate(int process) => _ = NativeMethods.Kill(process, 15);

    private static void Done(int code, string path)
    {
        if (code != 0)
        {
            throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "mkfifo", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int MakeFifo([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);

        [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Kill(int process, int signal);

        [DllImport("libc", EntryPoint = "link", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string to, [MarshalAs(UnmanagedType.LPUTF8Str)] string path);
    }

    /// <summary>A process's processor time so far; none once it has ended.</summary>
    public static TimeSpan WorkOf(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (Exception ended) when (ended is InvalidOperationException or Win32Exception)
        {
            return TimeSpan.Zero;
        }
    }
}
