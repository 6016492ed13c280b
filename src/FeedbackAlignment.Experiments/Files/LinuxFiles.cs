using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FeedbackAlignment.Experiments.Files;

/// <summary>
/// The calls of Linux that .NET has no name for. With them a path is looked at and opened in one step: nobody can put a link in its place
/// in between, and a pipe or a device is known before it is opened.
/// </summary>
internal static partial class LinuxFiles
{
    private const int
        ReadOnly = 0, WriteOnly = 1, ReadWrite = 2, Create = 0x40, Exclusive = 0x80, NoTerminal = 0x100,
        CloseOnExec = 0x80000, PathOnly = 0x200000,
        DoNotFollow = 0x100, EmptyPath = 0x1000, LockExclusive = 2, LockWithoutWaiting = 4;

    /// <summary>Two flags have other numbers on ARM and POWER.</summary>
    private static readonly (int Folder, int DoNotFollow) _flags
        = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 or Architecture.Ppc64le
            ? (0x4000, 0x8000) : (0x10000, 0x20000);

    private const int
        NoPermission = 1, NotThere = 2, WouldBlock = 11, NoAccess = 13, Exists = 17, NotAFolder = 20, IsAFolder = 21, TooManyLinks = 40;

    /// <summary>Whether they can be used: on Linux, where <c>/proc</c> is there.</summary>
    public static bool AreThere { get; } = OperatingSystem.IsLinux() && Try();

    /// <summary>What a name stands for, and of a file what it is.</summary>
    /// <param name="Kind">What it is.</param>
    /// <param name="Length">Bytes of a file.</param>
    /// <param name="Names">How many names a file has.</param>
    /// <param name="Identity">The same for two handles of the same file.</param>
    public readonly record struct Entry(EntryKind Kind, long Length, uint Names, (ulong Device, ulong Number) Identity);

    /// <summary>A handle that stands for a path and can neither read nor write. Links on the way are followed.</summary>
    /// <exception cref="IOException">There is nothing, or it cannot be reached.</exception>
    public static SafeFileHandle Find(string path) => Checked(open(path, PathOnly | CloseOnExec, 0), path);

    /// <summary>A handle that stands for a name in a folder; a link stands for itself.</summary>
    public static SafeFileHandle Find(SafeFileHandle folder, string name, string path)
        => Checked(openat(folder, name, PathOnly | _flags.DoNotFollow | CloseOnExec, 0), path);

    /// <summary>A handle that reads or writes the file that another handle stands for.</summary>
    public static SafeFileHandle Reopen(SafeFileHandle found, FileAccess access, string path)
        => Checked(open(PathOf(found), Flag(access) | NoTerminal | CloseOnExec, 0), path);

    /// <summary>A new file in a folder, which must not be there yet.</summary>
    public static SafeFileHandle New(SafeFileHandle folder, string name, FileAccess access, string path)
        => Checked(openat(folder, name, Flag(access) | Create | Exclusive | _flags.DoNotFollow | CloseOnExec, 0x1B6), path);

    /// <summary>A path of the system for the folder that a handle stands for, whatever its name has become.</summary>
    public static string PathOf(SafeFileHandle found) => $"/proc/self/fd/{found.DangerousGetHandle()}";

    /// <summary>Takes a file for this process.</summary>
    /// <returns>Whether nobody else has it, as far as its file system knows: some know no locks.</returns>
    public static bool Lock(SafeFileHandle file)
        => flock(file, LockExclusive | LockWithoutWaiting) == 0 || Marshal.GetLastPInvokeError() != WouldBlock;

    /// <summary>What a handle stands for.</summary>
    public static Entry Look(SafeFileHandle found, string path) => Look(found, "", EmptyPath, path);

    /// <summary>What a name in a folder stands for; a link stands for itself.</summary>
    public static Entry Look(SafeFileHandle folder, string name, string path) => Look(folder, name, DoNotFollow, path);

    private static unsafe Entry Look(SafeFileHandle folder, string name, int flags, string path)
    {
        const uint wanted = 0x305;
        const int type = 0xF000;
        var status = stackalloc byte[256];
        if (statx(folder, name, flags, wanted, status) != 0)
        {
            return Marshal.GetLastPInvokeError() is NotThere or NotAFolder ? default : throw Trouble(path);
        }

        var kind = (*(ushort*)(status + 28) & type) switch
        {
            0x8000 => EntryKind.File,
            0x4000 => EntryKind.Folder,
            0xA000 => EntryKind.Link,
            0x1000 => EntryKind.Pipe,
            0x2000 => EntryKind.Device,
            _ => EntryKind.Other,
        };
        return new Entry(kind, *(long*)(status + 40), *(uint*)(status + 16), (*(ulong*)(status + 136), *(ulong*)(status + 32)));
    }

    private static int Flag(FileAccess access) => access switch
    {
        FileAccess.Read => ReadOnly,
        FileAccess.Write => WriteOnly,
        _ => ReadWrite,
    };

    private static SafeFileHandle Checked(int handle, string path)
        => handle >= 0 ? new SafeFileHandle(handle, ownsHandle: true) : throw Trouble(path);

    /// <summary>The exceptions, and their words, that .NET has for the same trouble.</summary>
    private static Exception Trouble(string path) => Marshal.GetLastPInvokeError() switch
    {
        NotThere when Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder)
            => new DirectoryNotFoundException($"Could not find a part of the path '{path}'."),
        NotThere => new FileNotFoundException($"Could not find file '{path}'.", path),
        NotAFolder => new DirectoryNotFoundException($"Could not find a part of the path '{path}'."),
        NoPermission or NoAccess or IsAFolder => new UnauthorizedAccessException($"Access to the path '{path}' is denied."),
        Exists => new IOException($"The file '{path}' already exists.", Exists),
        TooManyLinks => new IOException($"'{path}' is a symbolic link that leads to itself."),
        var other => new IOException($"{new Win32Exception(other).Message} : '{path}'", other),
    };

    private static bool Try()
    {
        try
        {
            using var here = Find(".");
            return Directory.Exists(PathOf(here)) && Look(here, ".").Kind == EntryKind.Folder;
        }
        catch (Exception trouble) when (
            trouble is IOException or UnauthorizedAccessException or EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

#pragma warning disable IDE1006, SA1300 // The system's own names.
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int openat(SafeFileHandle folder, string name, int flags, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(SafeFileHandle folder, string name, int flags, uint wanted, byte* status);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);
#pragma warning restore IDE1006, SA1300
}
