using System.Collections.Concurrent;
using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;

namespace FeedbackAlignment.Experiments.Files;

/// <summary>
/// A folder that may be somebody else's, held open. Its files are reached by their names in it, and no link in it is followed. On Linux
/// this also holds while somebody changes the folder: what was opened stays the folder that it was, and a name is looked at and opened in
/// one step. Elsewhere a name is looked at first and opened then.
/// </summary>
internal sealed class OpenFolder : IDisposable
{
    /// <summary>What this process is writing aside, and where.</summary>
    private static readonly ConcurrentDictionary<string, OpenFolder> _asides = new();

    private static readonly EnumerationOptions _everything = new() { AttributesToSkip = 0 };

    private static readonly EnumerationOptions _ownFolders
        = new() { AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint };

    private readonly SafeFileHandle? _handle;

    /// <summary>The path for the system: it leads to the folder that is held, whatever its name has become.</summary>
    private readonly string _path;

    private OpenFolder(SafeFileHandle? handle, string path)
        => (_handle, FullPath, _path) = (handle, path, handle is null ? path : LinuxFiles.PathOf(handle));

    /// <summary>Its path, for people.</summary>
    public string FullPath { get; }

    /// <summary>Opens a folder that the user has named. Links on the way to it are followed.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="IOException">It is not there, is no folder, or cannot be reached.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static OpenFolder Named(string path)
    {
        if (!LinuxFiles.AreThere)
        {
            return Directory.Exists(path) ? new OpenFolder(null, path) : throw NotThere(path);
        }

        return Of(() => LinuxFiles.Find(path.Length == 0 ? "." : path), path);
    }

    /// <summary>Opens a folder in this one.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="IOException">It is not there, is a link or no folder, or cannot be reached.</exception>
    public OpenFolder Folder(string name)
    {
        var path = Path.Combine(FullPath, Single(name));
        if (_handle is not null)
        {
            return Of(() => LinuxFiles.Find(_handle, name, path), path);
        }

        return KindOf(name) switch
        {
            EntryKind.Folder => new OpenFolder(null, path),
            EntryKind.Link => throw Link(path),
            _ => throw NotThere(path),
        };
    }

    /// <summary>Makes a folder in this one, if it is not there, and opens it.</summary>
    /// <param name="name">Its name.</param>
    public OpenFolder MakeFolder(string name)
    {
        if (KindOf(name) == EntryKind.None)
        {
            Do(name, path => Directory.CreateDirectory(path));
        }

        return Folder(name);
    }

    /// <summary>What a name in this folder stands for.</summary>
    /// <param name="name">The name.</param>
    public EntryKind KindOf(string name)
    {
        if (_handle is not null)
        {
            return LinuxFiles.Look(_handle, Single(name), Path.Combine(FullPath, name)).Kind;
        }

        var file = new FileInfo(Path.Combine(_path, Single(name)));
        return file.LinkTarget is not null ? EntryKind.Link
            : file.Exists ? EntryKind.File
            : Directory.Exists(file.FullName) ? EntryKind.Folder
            : EntryKind.None;
    }

    /// <summary>Opens a file of this folder to read it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="most">The bytes that it may have.</param>
    /// <exception cref="IOException">It is not there, is a link or no regular file, is longer, or cannot be opened.</exception>
    public FileStream Read(string name, long most = long.MaxValue)
    {
        var file = Existing(name, FileAccess.Read, onlyName: false);
        var length = file.Length;
        if (length <= most)
        {
            return file;
        }

        file.Dispose();
        throw new IOException($"'{name}' has {length} bytes; such a file may have {most}");
    }

    /// <summary>Opens a file of this folder to change it in its place.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="IOException">
    /// It is not there, is a link or no regular file, has a second name elsewhere, or cannot be opened.
    /// </exception>
    public FileStream Change(string name) => Existing(name, FileAccess.ReadWrite, onlyName: true);

    /// <summary>Makes a file in this folder that is not there yet.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="IOException">Something of that name is there, or it cannot be made.</exception>
    public FileStream New(string name)
    {
        const FileAccess access = FileAccess.ReadWrite;
        return _handle is not null
            ? new WrittenFile(LinuxFiles.New(_handle, Single(name), access, Path.Combine(FullPath, name)))
            : new FileStream(Path.Combine(_path, Single(name)), FileMode.CreateNew, access, FileShare.Read | FileShare.Delete,
                bufferSize: 1);
    }

    /// <summary>
    /// Writes a file of this folder: it is there whole or not at all. It is written aside, under a name that nobody can know, flushed to
    /// the disk, and given its own name at the end. A link or pipe of its name is replaced, not written through.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="keep">A name for the old file; null: it is replaced.</param>
    public void Write(string name, Action<Stream> write, string? keep = null)
    {
        var aside = AsideName.New(name);
        try
        {
            DeleteAsides(name);
            _asides[aside] = this;
            using (var file = New(aside))
            {
                if (_handle is not null)
                {
                    LinuxFiles.Lock(file.SafeFileHandle);
                }

                KeepMode(name, file);
                using var buffer = new BufferedStream(file);
                write(buffer);
                buffer.Flush();
                file.Flush(flushToDisk: true);
            }

            // Between the two moves there is only the old file, under its other name.
            if (keep is not null && KindOf(name) != EntryKind.None)
            {
                Move(name, keep);
            }

            Move(aside, name);
        }
        catch
        {
            TryDelete(aside);
            throw;
        }
        finally
        {
            _asides.TryRemove(aside, out _);
        }
    }

    /// <summary>Deletes what this process is writing aside just now: it is about to end.</summary>
    public static void DeleteOwnAsides()
    {
        foreach (var (name, folder) in _asides)
        {
            folder.TryDelete(name);
        }
    }

    /// <summary>Gives a file of this folder another name; a file that has it is replaced.</summary>
    public void Move(string name, string to) => Do(name, path => File.Move(path, Path.Combine(_path, Single(to)), overwrite: true));

    /// <summary>
    /// Moves a folder in this one into another, under a name that nothing there has: in one step, and nothing is replaced.
    /// </summary>
    /// <param name="name">Its name here.</param>
    /// <param name="into">The other folder, on the same file system.</param>
    /// <param name="to">Its name there.</param>
    /// <exception cref="IOException">There is something of that name, or it cannot be moved.</exception>
    public void MoveFolder(string name, OpenFolder into, string to)
        => Do(name, path => Directory.Move(path, Path.Combine(into._path, Single(to))));

    /// <summary>Deletes a file of this folder, or a link itself, if it is there.</summary>
    public void Delete(string name) => Do(name, File.Delete);

    /// <summary>
    /// Deletes a folder in this one, with all that is in it, if it is there. Links in it go, and what they lead to stays.
    /// </summary>
    public void DeleteFolder(string name)
    {
        if (KindOf(name) == EntryKind.None)
        {
            return;
        }

        using (var folder = Folder(name))
        {
            foreach (var inner in folder.Names())
            {
                if (folder.KindOf(inner) == EntryKind.Folder)
                {
                    folder.DeleteFolder(inner);
                }
                else
                {
                    folder.Delete(inner);
                }
            }
        }

        DeleteEmptyFolder(name);
    }

    /// <summary>Deletes a folder in this one that has nothing in it.</summary>
    /// <exception cref="IOException">There is something in it.</exception>
    public void DeleteEmptyFolder(string name) => Do(name, path => Directory.Delete(path));

    /// <summary>The names of all that is in this folder, in ordinal order.</summary>
    public IReadOnlyList<string> Names() => Listed(path => Directory.EnumerateFileSystemEntries(path, "*", _everything));

    /// <summary>The names of the folders in this one that are neither links nor hidden, in ordinal order.</summary>
    public IReadOnlyList<string> FolderNames() => Listed(path => Directory.EnumerateDirectories(path, "*", _ownFolders));

    /// <summary>The names of the links in this folder, in ordinal order.</summary>
    public IReadOnlyList<string> LinkNames()
        => Listed((ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint));

    /// <summary>
    /// Deletes what killed processes have left aside in this folder. On Linux whoever writes a file aside holds it, so what is held stays.
    /// </summary>
    /// <param name="of">Only what was to become the file of this name; null: all.</param>
    public void DeleteAsides(string? of = null)
    {
        foreach (var aside in Listed((ref FileSystemEntry entry) => entry.FileName[0] == '.'))
        {
            if (AsideName.Is(aside) && (of is null || AsideName.IsOf(aside, of)) && !IsHeld(aside))
            {
                TryDelete(aside);
            }
        }
    }

    /// <summary>When a file of this folder was changed.</summary>
    public DateTime Changed(string name) => File.GetLastWriteTimeUtc(Path.Combine(_path, name));

    /// <summary>
    /// Keeps a file of this folder, which is made if it is not there, for this process. The system lets go of it when the process ends.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <returns>The file; null: another process has it.</returns>
    public FileStream? Lock(string name)
    {
        var path = Path.Combine(FullPath, name);
        if (_handle is null)
        {
            return LockByName(name, path);
        }

        while (true)
        {
            var kind = KindOf(name);
            FileStream file;
            try
            {
                file = kind == EntryKind.None ? New(name) : Change(name);
            }
            catch (IOException) when (KindOf(name) != kind)
            {
                // Another process has made or deleted it since.
                continue;
            }

            try
            {
                if (!LinuxFiles.Lock(file.SafeFileHandle))
                {
                    file.Dispose();
                    return null;
                }

                // Who had it before may have deleted it while we waited: then it is not the file that others will find.
                if (LinuxFiles.Look(file.SafeFileHandle, path).Identity == LinuxFiles.Look(_handle, name, path).Identity)
                {
                    return file;
                }
            }
            catch
            {
                file.Dispose();
                throw;
            }

            file.Dispose();
        }
    }

    public void Dispose() => _handle?.Dispose();

    private static OpenFolder Of(Func<SafeFileHandle> find, string path)
    {
        SafeFileHandle found;
        try
        {
            found = find();
        }
        catch (FileNotFoundException)
        {
            throw NotThere(path);
        }

        try
        {
            return LinuxFiles.Look(found, path).Kind switch
            {
                EntryKind.Folder => new OpenFolder(found, path),
                EntryKind.Link => throw Link(path),
                _ => throw NotThere(path),
            };
        }
        catch
        {
            found.Dispose();
            throw;
        }
    }

    private FileStream Existing(string name, FileAccess access, bool onlyName)
    {
        var path = Path.Combine(FullPath, Single(name));
        if (_handle is null)
        {
            return KindOf(name) is var kind and not (EntryKind.File or EntryKind.None) ? throw NoFile(path, kind)
                : new FileStream(Path.Combine(_path, name), FileMode.Open, access, FileShare.Read | FileShare.Delete, bufferSize: 1);
        }

        using var found = LinuxFiles.Find(_handle, name, path);
        var entry = LinuxFiles.Look(found, path);
        if (entry.Kind != EntryKind.File)
        {
            throw NoFile(path, entry.Kind);
        }

        if (onlyName && entry.Names > 1)
        {
            throw new IOException(
                $"'{path}' is also a file elsewhere (a hard link), which would change too; replace it by a copy of its own");
        }

        var opened = LinuxFiles.Reopen(found, access, path);
        return access == FileAccess.Read ? new FileStream(opened, access) : new WrittenFile(opened);
    }

    private FileStream? LockByName(string name, string path)
    {
        if (KindOf(name) is var kind and not (EntryKind.File or EntryKind.None))
        {
            throw NoFile(path, kind);
        }

        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    private bool IsHeld(string aside)
    {
        if (_handle is null)
        {
            return false;
        }

        try
        {
            using var file = Change(aside);
            return !LinuxFiles.Lock(file.SafeFileHandle);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // No file of ours.
            return KindOf(aside) == EntryKind.None;
        }
    }

    /// <summary>A file that only its owner may read stays so when it is replaced.</summary>
    private void KeepMode(string name, FileStream file)
    {
        if (!OperatingSystem.IsWindows() && KindOf(name) == EntryKind.File)
        {
            const UnixFileMode plain = (UnixFileMode)0x1FF;
            File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(Path.Combine(_path, name)) & plain);
        }
    }

    private void TryDelete(string name)
    {
        try
        {
            Delete(name);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // The first trouble is the one to tell.
        }
    }

    private string[] Listed(FileSystemEnumerable<string>.FindPredicate which) => Listed(
        path => new FileSystemEnumerable<string>(path, (ref FileSystemEntry entry) => entry.FileName.ToString(), _everything)
        {
            ShouldIncludePredicate = which,
        });

    private string[] Listed(Func<string, IEnumerable<string>> list)
    {
        string[] names = [];
        Do(null, path => names = [.. list(path).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)]);
        return names;
    }

    /// <summary>
    /// Does something with a file of this folder, or the folder itself; messages of the system then name the path that people know.
    /// </summary>
    private void Do(string? name, Action<string> act)
    {
        try
        {
            act(name is null ? _path : Path.Combine(_path, Single(name)));
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException
            && _path != FullPath && trouble.Message.Contains(_path, StringComparison.Ordinal))
        {
            var message = trouble.Message.Replace(_path, FullPath, StringComparison.Ordinal);
            throw trouble switch
            {
                FileNotFoundException => new FileNotFoundException(message, trouble),
                DirectoryNotFoundException => new DirectoryNotFoundException(message, trouble),
                UnauthorizedAccessException => new UnauthorizedAccessException(message, trouble),
                _ => new IOException(message, trouble.HResult),
            };
        }
    }

    /// <summary>A name leads nowhere but into this folder, whoever has written it.</summary>
    private static string Single(string name)
        => name is "" or "." or ".." || name.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar, '\0')
            ? throw new IOException("a name of a file or folder is empty, or leads out of its folder") : name;

    private static DirectoryNotFoundException NotThere(string path) => new($"Could not find a part of the path '{path}'.");

    private static IOException Link(string path) => new($"'{path}' is a symbolic link; links in such a folder are not followed");

    /// <summary>What to say of something that is no regular file.</summary>
    internal static Exception NoFile(string path, EntryKind kind) => kind switch
    {
        EntryKind.Link => Link(path),
        EntryKind.Pipe => new IOException($"'{path}' is a named pipe, not a regular file"),
        EntryKind.Folder => new UnauthorizedAccessException($"Access to the path '{path}' is denied."),
        _ => new IOException($"'{path}' is a device or a socket, not a regular file"),
    };
}
